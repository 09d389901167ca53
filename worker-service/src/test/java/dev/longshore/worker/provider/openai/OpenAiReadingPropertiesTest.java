package dev.longshore.worker.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorClass;
import dev.longshore.attempt.Usage;
import dev.longshore.testing.chance.Seeded;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.HttpExchange;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.RetryAfter;
import io.vertx.core.MultiMap;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What holds of every reading, whatever a server sends: whole answers, halves of them, other people's
/// JSON, noise.
class OpenAiReadingPropertiesTest {
    private static final int CASES = 6_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Usage OUR_COUNT = new Usage(77, 0, 7);

    private record Case(Operation operation, int status, String body, MultiMap headers) {
        AttemptOutcome read() {
            return OpenAiAnswers.read(
                    operation,
                    Received.of(
                            new HttpExchange.Answered(
                                    status,
                                    headers,
                                    body.getBytes(StandardCharsets.ISO_8859_1),
                                    Duration.ofMillis(20),
                                    Duration.ofMillis(90)),
                            "x-request-id",
                            JSON,
                            NOW),
                    _ -> OUR_COUNT);
        }

        @Override
        public String toString() {
            return operation + " " + status + " " + headers.entries() + " " + body;
        }
    }

    @Test
    void whateverComesIsAnOutcomeOfTheContractAndTheSameEachTime() {
        Set<ErrorClass> refused =
                EnumSet.of(ErrorClass.INVALID_REQUEST, ErrorClass.AUTHENTICATION, ErrorClass.CONTENT_POLICY);
        Set<ErrorClass> broken = EnumSet.of(ErrorClass.TRANSIENT, ErrorClass.TIMEOUT, ErrorClass.MALFORMED_RESPONSE);
        Seeded.check("whatever comes is an outcome of the contract", CASES, random -> {
            Case one = some(random);
            AttemptOutcome outcome = one.read();
            assertThat(one.read()).isEqualTo(outcome);
            switch (outcome) {
                case Answered _ -> assertThat(one.status()).as(one.toString()).isEqualTo(200);
                case Refused(var code, var _, var _) ->
                    assertThat(code.errorClass()).as(one.toString()).isIn(refused);
                case Throttled(var code, var _, var _) ->
                    assertThat(code.errorClass()).as(one.toString()).isEqualTo(ErrorClass.RATE_LIMITED);
                case Broken(var code, var _, var _) ->
                    assertThat(code.errorClass()).as(one.toString()).isIn(broken);
                // The answer is there, whatever it says: neither lost nor stopped.
                case Unknown _, Interrupted _ -> throw new AssertionError(one.toString());
            }
        });
    }

    /// By the status alone, where the body says nothing that is known.
    @Test
    void aStatusWithoutWordsIsReadByTheContractsTable() {
        Seeded.check("a status without words is read by the contract's table", CASES, random -> {
            int status = 201 + random.nextInt(399);
            AttemptOutcome outcome = new Case(
                            Operation.CHAT,
                            status,
                            any(random, "", "{}", "oops", "[]", "{\"error\":{}}"),
                            headers(random))
                    .read();
            String expected = switch (status) {
                case 429, 402 -> "Throttled";
                case 408, 409, 425 -> "Broken";
                default -> status >= 500 || status >= 300 && status < 400 ? "Broken" : "Refused";
            };
            assertThat(outcome.getClass().getSimpleName())
                    .as("status " + status)
                    .isEqualTo(expected);
        });
    }

    @Test
    void tokensAreNeverNegativeAndCountedByUsWhereTheProviderDoesNot() {
        Seeded.check("tokens are never negative and counted by us where the provider does not", CASES, random -> {
            String input = number(random);
            String cached = number(random);
            String output = number(random);
            String usage = any(
                    random,
                    "{\"prompt_tokens\":%s,\"completion_tokens\":%s,\"prompt_tokens_details\":{\"cached_tokens\":%s}}"
                            .formatted(input, output, cached),
                    "{\"prompt_tokens\":%s}".formatted(input),
                    "{\"completion_tokens\":%s}".formatted(output),
                    "null",
                    "[]",
                    "7");
            AttemptOutcome outcome = new Case(Operation.CHAT, 200, good("\"m\"", usage), headers(random)).read();

            assertThat(outcome).isInstanceOfSatisfying(Answered.class, answered -> {
                Usage read = answered.answer().usage();
                assertThat(read.inputTokens()).isNotNegative();
                assertThat(read.outputTokens()).isNotNegative();
                assertThat(read.cachedInputTokens()).isBetween(0, read.inputTokens());
                boolean reported = usage.contains("prompt_tokens\"") && tokens(input) != null;
                if (!reported) {
                    assertThat(read).as(usage).isEqualTo(OUR_COUNT);
                } else {
                    assertThat(read.inputTokens()).as(usage).isEqualTo(tokens(input));
                }
            });
        });
    }

    @Test
    void whatAProviderAsksForIsNeverNegativeAndNeverLongerThanTheCap() {
        Seeded.check("what a provider asks for is never negative and never longer than the cap", CASES, random -> {
            Case one = some(random);
            Duration asked = one.read().reply().retryAfter();
            if (asked != null) {
                assertThat(asked).as(one.toString()).isBetween(Duration.ZERO, RetryAfter.LONGEST);
            }
        });
    }

    /// PostgreSQL takes neither a zero byte nor half a surrogate: an answer that was paid for would be
    /// lost for its wrapping.
    @Test
    void everyWordThatIsKeptCanBeStored() {
        Seeded.check("every word that is kept can be stored", CASES, random -> {
            Case one = some(random);
            AttemptOutcome outcome = one.read();
            Stream<@Nullable String> kept = switch (outcome) {
                case Answered(var answer) -> Stream.of(answer.result(), answer.modelVersion());
                case Refused refused -> Stream.of(refused.message());
                case Throttled throttled -> Stream.of(throttled.message());
                case Broken broken -> Stream.of(broken.message());
                case Unknown _, Interrupted _ -> Stream.of();
            };
            kept.filter(word -> word != null)
                    .forEach(word -> assertThat(word.codePoints()
                                    .noneMatch(point -> point == 0
                                            || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE))
                            .as(one.toString())
                            .isTrue());
        });
    }

    private static Case some(Random random) {
        int status =
                random.nextBoolean() ? 200 : any(random, 201, 302, 400, 401, 402, 404, 408, 409, 413, 429, 500, 503);
        String body = switch (random.nextInt(6)) {
            case 0, 1 -> good(words(random), any(random, "null", "{\"prompt_tokens\":%s}".formatted(number(random))));
            case 2 ->
                "{\"error\":{\"message\":%s,\"type\":%s,\"code\":%s}}"
                        .formatted(words(random), words(random), words(random));
            case 3 -> json(random, 4);
            case 4 -> cut(random, good(words(random), "null"));
            default ->
                IntStream.range(0, random.nextInt(30))
                        .mapToObj(_ -> String.valueOf((char) random.nextInt(256)))
                        .collect(Collectors.joining());
        };
        return new Case(any(random, Operation.values()), status, body, headers(random));
    }

    private static String good(String model, String usage) {
        return """
                {"model":%s,"choices":[{"message":{"role":"assistant","content":"hi"}}],"data":[{"embedding":[1]}],"usage":%s}\
                """.formatted(model, usage);
    }

    private static String cut(Random random, String whole) {
        return whole.substring(0, random.nextInt(whole.length()));
    }

    private static String words(Random random) {
        return any(
                random,
                "\"m-2026\"",
                "\"\"",
                "null",
                "7",
                "\"nul \\u0000 inside\"",
                "\"half \\ud83d a pair\"",
                "\"line\\nbreak\"",
                "\"invalid_api_key\"",
                "\"rate_limit_exceeded\"",
                "\"insufficient_quota\"",
                "\"context_length_exceeded\"",
                "\"server_error\"",
                "\"invalid_request_error\"",
                "\"" + "long ".repeat(400) + "\"");
    }

    private static String json(Random random, int depth) {
        return switch (depth == 0 ? random.nextInt(3) : random.nextInt(5)) {
            case 0 -> words(random);
            case 1 -> number(random);
            case 2 -> any(random, "true", "false", "null");
            case 3 -> "[" + json(random, depth - 1) + "," + json(random, depth - 1) + "]";
            default ->
                "{\"%s\":%s,\"%s\":%s}"
                        .formatted(
                                any(random, "error", "choices", "usage", "data"),
                                json(random, depth - 1),
                                any(random, "message", "model", "code", "status"),
                                json(random, depth - 1));
        };
    }

    private static String number(Random random) {
        return any(random, "0", "12", "-3", "2147483647", "2147483648", "-9999999999", "1e3", "4.5", "1e400", "\"10\"");
    }

    /// What a count must be read as; null where it is none.
    private static @Nullable Integer tokens(String number) {
        if (number.startsWith("\"") || number.equals("1e400")) {
            return null;
        }
        BigInteger whole = new java.math.BigDecimal(number).toBigInteger();
        return whole.signum() < 0 || whole.bitLength() > 31 ? null : whole.intValueExact();
    }

    private static MultiMap headers(Random random) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        maybe(random, headers, "retry-after");
        maybe(random, headers, "retry-after-ms");
        if (random.nextInt(3) == 0) {
            headers.add(
                    "date", any(random, "Fri, 20 Nov 2026 15:00:00 GMT", "Fri, 20 Nov 2020 15:00:00 GMT", "soon", ""));
        }
        return headers;
    }

    private static void maybe(Random random, MultiMap headers, String name) {
        if (random.nextBoolean()) {
            headers.add(
                    name,
                    any(
                            random,
                            "0",
                            "-1",
                            "1.5",
                            "7",
                            "99999999999999999",
                            "1e9",
                            "Infinity",
                            "soon",
                            "",
                            "Fri, 20 Nov 2026 12:00:30 GMT",
                            "Fri, 20 Nov 1970 12:00:30 GMT",
                            "Fri, 31 Dec 9999 23:59:59 GMT"));
        }
    }

    @SafeVarargs
    private static <T> T any(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }
}
