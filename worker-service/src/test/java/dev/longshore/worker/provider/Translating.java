package dev.longshore.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.worker.provider.Ask.Operation;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;

/// Holds a translation against what a provider's documentation says: a request as its documentation writes
/// it, an answer as it was recorded there. Names of fields are in double quotes in JSON, here in single ones, so that
/// the tables stay readable.
public final class Translating {
    public static final ObjectMapper JSON = new ObjectMapper();
    public static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    public static final InstantSource CLOCK = InstantSource.fixed(NOW);
    public static final int MAX_OUTPUT = 4_096;

    private final Translation translation;
    private final String model;

    /// @param model the provider's name of the model
    public Translating(Translation translation, String model) {
        this.translation = translation;
        this.model = model;
    }

    public static JsonNode json(String singleQuoted) {
        try {
            return JSON.readTree(singleQuoted.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Ask ask(Operation operation, String input) {
        return new Ask(operation, model, input, MAX_OUTPUT, "job_1", 1);
    }

    public Translation.Request request(Operation operation, String singleQuoted) throws Inexpressible {
        ObjectNode input = (ObjectNode) json(singleQuoted);
        return translation.request(ask(operation, input.toString()), input);
    }

    /// The body of the request.
    public JsonNode body(Operation operation, String singleQuoted) throws Inexpressible {
        try {
            return JSON.readTree(new String(request(operation, singleQuoted).json(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public AttemptOutcome outcome(Operation operation, int status, String body) {
        return outcome(operation, "{'input':'some words to be counted'}", status, body);
    }

    /// @param input in single quotes
    public AttemptOutcome outcome(Operation operation, String input, int status, String body) {
        MultiMap headers = headers();
        HttpExchange.Answered exchange = new HttpExchange.Answered(
                status, headers, body.getBytes(StandardCharsets.UTF_8), Duration.ofMillis(20), Duration.ofMillis(90));
        return translation.outcome(
                ask(operation, input.replace('\'', '"')),
                Received.of(exchange, translation.requestIdHeader(), JSON, NOW));
    }

    private MultiMap headers() {
        return MultiMap.caseInsensitiveMultiMap()
                .add(translation.requestIdHeader(), "req-7")
                .add("retry-after", "3");
    }

    /// What was heard of a streamed answer.
    ///
    /// @param said the pieces that were handed on
    /// @param over whether the stream said that it was over
    /// @param outcome null for an answer that was not whole
    public record Heard(
            List<String> said, boolean over, @Nullable AttemptOutcome outcome) {
        public JsonNode result() {
            try {
                return JSON.readTree(answer().result());
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }

        public Answer answer() {
            return assertThat(outcome)
                    .asInstanceOf(InstanceOfAssertFactories.type(AttemptOutcome.Answered.class))
                    .actual()
                    .answer();
        }

        /// In the words of the tables.
        public String told() {
            return outcome == null ? "not whole" : Translating.told(outcome);
        }
    }

    /// Listens to a recorded stream of events that have nothing but data.
    ///
    /// @param data a line each, or with `;` between them
    public Heard hearData(String data) {
        return hear(Arrays.stream(data.strip().split(";\\s*|\\n"))
                .map(one -> "data: " + one + "\r\n\r\n")
                .collect(Collectors.joining()));
    }

    /// Listens to a recorded stream.
    public Heard hear(String singleQuoted) {
        String stream = singleQuoted.replace('\'', '"');
        try {
            StreamReader reader =
                    Objects.requireNonNull(request(Operation.CHAT, "{'stream':true,'messages':[]}").stream());
            List<String> said = new ArrayList<>();
            for (SseEvent event : new SseParser().feed(stream.getBytes(StandardCharsets.UTF_8))) {
                assertThat(reader.isOver()).as("over before " + event).isFalse();
                String more = reader.read(event);
                if (!more.isEmpty()) {
                    said.add(more);
                }
            }
            JsonNode whole = reader.whole();
            HttpExchange.Streamed exchange = new HttpExchange.Streamed(
                    200, headers(), Duration.ofMillis(20), Duration.ofMillis(90), HttpExchange.StreamEnd.CLOSED, "");
            Ask ask = ask(Operation.CHAT, "{\"messages\":[{\"role\":\"user\",\"content\":\"some words\"}]}");
            return new Heard(
                    said,
                    reader.isOver(),
                    whole.isMissingNode()
                            ? null
                            : translation.outcome(
                                    ask, Received.of(exchange, whole, translation.requestIdHeader(), NOW)));
        } catch (Inexpressible | IOException e) {
            throw new AssertionError(e);
        }
    }

    public Answer answer(Operation operation, String singleQuoted) {
        return assertThat(outcome(operation, 200, singleQuoted.replace('\'', '"')))
                .asInstanceOf(InstanceOfAssertFactories.type(AttemptOutcome.Answered.class))
                .actual()
                .answer();
    }

    /// An outcome in the words of the tables: `refused INVALID_REQUEST`.
    public static String told(AttemptOutcome outcome) {
        return switch (outcome) {
            case Refused(var code, var _, var _) -> "refused " + code;
            case Throttled(var code, var _, var _) -> "throttled " + code;
            case Broken(var code, var _, var _) -> "broken " + code;
            case Unknown(var code, var _, var _) -> "unknown " + code;
            case Interrupted(var why, var sent) ->
                "interrupted " + why + (sent ? " after" : " before") + " it was sent";
            case Answered _ -> "answered";
        };
    }
}
