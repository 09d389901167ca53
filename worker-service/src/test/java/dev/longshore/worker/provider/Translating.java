package dev.longshore.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.worker.provider.Ask.Operation;
import io.vertx.core.MultiMap;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.assertj.core.api.InstanceOfAssertFactories;

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
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add(translation.requestIdHeader(), "req-7")
                .add("retry-after", "3");
        HttpExchange.Answered exchange = new HttpExchange.Answered(
                status, headers, body.getBytes(StandardCharsets.UTF_8), Duration.ofMillis(20), Duration.ofMillis(90));
        return translation.outcome(
                ask(operation, input.replace('\'', '"')),
                Received.of(exchange, translation.requestIdHeader(), JSON, NOW));
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
            default -> outcome.toString();
        };
    }
}
