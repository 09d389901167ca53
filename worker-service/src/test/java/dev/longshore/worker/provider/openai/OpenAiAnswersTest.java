package dev.longshore.worker.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.HttpExchange.Answered;
import dev.longshore.worker.provider.Received;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiAnswersTest {
    private static final String GOOD = """
            {"id":"1","model":"m-2026","choices":[{"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4}},"unknown_field":[1]}
            """;

    private static final Usage OUR_COUNT = new Usage(77, 0, 7);

    private static AttemptOutcome read(Operation operation, int status, byte[] body) {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap().add("X-Request-Id", "req-7").add("Retry-After", "3");
        return OpenAiAnswers.read(
                operation,
                Received.of(
                        new Answered(status, headers, body, Duration.ofMillis(20), Duration.ofMillis(90)),
                        "x-request-id",
                        new ObjectMapper(),
                        Instant.parse("2026-11-20T12:00:00Z")),
                _ -> OUR_COUNT);
    }

    private static AttemptOutcome chat(String body) {
        return read(Operation.CHAT, 200, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer answer(AttemptOutcome outcome) {
        return assertThat(outcome)
                .asInstanceOf(InstanceOfAssertFactories.type(AttemptOutcome.Answered.class))
                .actual()
                .answer();
    }

    private static void assertMalformed(AttemptOutcome outcome) {
        assertThat(outcome).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.code()).isEqualTo(ErrorCode.MALFORMED_RESPONSE);
            assertThat(broken.reply().requestId()).isEqualTo("req-7");
        });
    }

    @Test
    void aGoodAnswerIsKeptAsItCameWithWhatItSaysOfItself() {
        Answer answer = answer(chat(GOOD));
        assertThat(answer.result()).isEqualTo(GOOD);
        assertThat(answer.usage()).isEqualTo(new Usage(10, 4, 5));
        assertThat(answer.modelVersion()).isEqualTo("m-2026");
        assertThat(answer.latency()).isEqualTo(Duration.ofMillis(90));
        assertThat(answer.reply().status()).isEqualTo(200);
        assertThat(answer.reply().requestId()).isEqualTo("req-7");
        assertThat(answer.reply().firstByte()).isEqualTo(Duration.ofMillis(20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"I cannot\"}}]}",
                "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{\"id\":\"1\"}]},\"finish_reason\":\"tool_calls\"}]}",
                "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"length\"}]}",
                "{\"choices\":[{\"message\":{\"content\":\"half\"},\"finish_reason\":\"content_filter\"}]}",
            })
    void whatTheModelDidSayIsAnAnswerWhateverItSays(String body) {
        assertThat(answer(chat(body)).result()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}]}",
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":null}",
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":-3,\"completion_tokens\":\"many\"}}",
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":99999999999}}",
            })
    void usageThatIsMissingOrNonsenseIsCountedByOurselves(String body) {
        Answer answer = answer(chat(body));
        assertThat(answer.usage()).isEqualTo(OUR_COUNT);
        assertThat(answer.modelVersion()).isNull();
    }

    @Test
    void moreCachedTokensThanTokensAreAsManyAsThereAre() {
        assertThat(answer(
                                chat(
                                        "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":9}}}"))
                        .usage())
                .isEqualTo(new Usage(5, 5, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "not json",
                "{\"choices\":[{\"message\":{\"content\":\"hel",
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}]} and more",
                "<html>busy</html>",
                "[]",
                "null",
                "7",
                "{}",
                "{\"choices\":[]}",
                "{\"choices\":{}}",
                "{\"choices\":[{}]}",
                "{\"choices\":[null]}",
                "{\"choices\":[{\"message\":\"text\"}]}",
            })
    void whatIsNoAnswerIsMalformed(String body) {
        assertMalformed(chat(body));
    }

    @Test
    void aBrokenByteIsSeenAndNotStored() {
        byte[] body = GOOD.getBytes(StandardCharsets.UTF_8);
        body[GOOD.indexOf("hello")] = (byte) 0xff;
        assertMalformed(read(Operation.CHAT, 200, body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"content\":null}", "{\"content\":\"\"}", "{}"})
    void aWithheldAnswerIsRefused(String message) {
        assertThat(chat("{\"choices\":[{\"message\":" + message + ",\"finish_reason\":\"content_filter\"}]}"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CONTENT_FILTER_TRIGGERED));
    }

    @Test
    void anErrorInsideASuccessIsAnError() {
        assertThat(chat("{\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit_error\"},\"choices\":[]}"))
                .isInstanceOfSatisfying(Throttled.class, throttled -> {
                    assertThat(throttled.code()).isEqualTo(ErrorCode.PROVIDER_RATE_LIMITED);
                    assertThat(throttled.reply().retryAfter()).isEqualTo(Duration.ofSeconds(3));
                });
    }

    @Test
    void anErrorWhoseBodyCannotBeReadIsToldByItsStatus() {
        assertThat(read(Operation.CHAT, 503, new byte[] {(byte) 0xff, 0}))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.code()).isEqualTo(ErrorCode.PROVIDER_UNAVAILABLE));
        assertThat(read(Operation.EMBED, 429, "<html>".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Throttled.class);
        assertThat(read(Operation.CHAT, 400, new byte[0])).isInstanceOf(Refused.class);
    }

    @Test
    void embeddingsAreAnAnswerToThoseWhoAskForThem() {
        String body = "{\"data\":[{\"embedding\":[0.5]}],\"model\":\"e\",\"usage\":{\"prompt_tokens\":3}}";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        assertThat(answer(read(Operation.EMBED, 200, bytes)).usage()).isEqualTo(new Usage(3, 0, 0));
        assertMalformed(read(Operation.CHAT, 200, bytes));
        assertMalformed(read(Operation.EMBED, 200, GOOD.getBytes(StandardCharsets.UTF_8)));
        assertMalformed(read(Operation.EMBED, 200, "{\"data\":[]}".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aNameOfAModelThatNoDatabaseTakesDoesNotCostTheAnswer() {
        assertThat(answer(chat(GOOD.replace("m-2026", "m\\u0000\\ud83d-2026"))).modelVersion())
                .isEqualTo("m  -2026");
    }
}
