package dev.longshore.worker.provider.openai;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.attempt.Usage;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.CleanText;
import dev.longshore.worker.provider.Dialect;
import dev.longshore.worker.provider.HttpCaller;
import dev.longshore.worker.provider.HttpExchange;
import dev.longshore.worker.provider.HttpExchange.Answered;
import dev.longshore.worker.provider.HttpExchange.Lost;
import dev.longshore.worker.provider.HttpExchange.NeverSent;
import dev.longshore.worker.provider.HttpExchange.Stopped;
import dev.longshore.worker.provider.HttpExchange.TooLong;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.slots.StopSign;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Speaks to OpenAI, or to any server with its Chat Completions and Embeddings routes.
public final class OpenAiDialect implements Dialect {
    private final HttpCaller http;
    private final ObjectMapper json;
    private final InstantSource clock;
    private final TokenCounter tokens;
    private final URI chat;
    private final URI embeddings;
    private final List<Map<String, String>> headersByKey;
    private final AtomicInteger turn = new AtomicInteger();

    /// @param baseUrl up to the version segment
    /// @param keys the API keys to spread calls over; none for servers that want none
    /// @param headers sent with every call
    public OpenAiDialect(
            HttpCaller http,
            ObjectMapper json,
            InstantSource clock,
            TokenCounter tokens,
            URI baseUrl,
            List<String> keys,
            Map<String, String> headers) {
        this.http = http;
        this.json = json;
        this.clock = clock;
        this.tokens = tokens;
        String base = baseUrl.toString().replaceAll("/+$", "");
        chat = URI.create(base + "/chat/completions");
        embeddings = URI.create(base + "/embeddings");
        headersByKey = keys.isEmpty()
                ? List.of(Map.copyOf(headers))
                : keys.stream().map(key -> withKey(headers, key)).toList();
    }

    private static Map<String, String> withKey(Map<String, String> headers, String key) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("authorization", "Bearer " + key);
        return Map.copyOf(all);
    }

    @Override
    public AttemptOutcome call(Ask ask, Timeouts timeouts, StopSign stop) {
        byte[] body;
        try {
            body = requestBody(ask);
        } catch (JsonProcessingException _) {
            return new Refused(ErrorCode.INVALID_REQUEST, "The job's input is not a JSON object.", Reply.NONE);
        }
        URI address = switch (ask.operation()) {
            case CHAT -> chat;
            case EMBED -> embeddings;
        };
        Map<String, String> headers =
                new HashMap<>(headersByKey.get(Math.floorMod(turn.getAndIncrement(), headersByKey.size())));
        // Not part of the dialect: they let a provider's log, or the simulator's, be held against ours.
        headers.put("x-longshore-job-id", ask.jobId());
        headers.put("x-longshore-attempt", Integer.toString(ask.claim()));
        return outcome(ask, http.post(address, headers, body, timeouts, stop));
    }

    /// The caller's request with the provider's name of the model in it; everything else travels on
    /// untouched.
    private byte[] requestBody(Ask ask) throws JsonProcessingException {
        JsonNode parsed = json.readTree(ask.input());
        if (!(parsed instanceof ObjectNode request)) {
            throw new JsonParseException(null, "not an object");
        }
        if (ask.model().equals(request.path("model").textValue())) {
            return ask.input().getBytes(StandardCharsets.UTF_8);
        }
        request.put("model", ask.model());
        return json.writeValueAsBytes(request);
    }

    /// What the call used by our own count.
    private Usage counted(Ask ask, JsonNode answer) {
        JsonNode input;
        try {
            input = json.readTree(ask.input());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the input was read before the call was made", e);
        }
        return switch (ask.operation()) {
            case CHAT -> new Usage(tokens.chat(input), 0, tokens.answer(answer));
            case EMBED -> new Usage(tokens.embeddings(input), 0, 0);
        };
    }

    private AttemptOutcome outcome(Ask ask, HttpExchange exchange) {
        return switch (exchange) {
            case Answered answered ->
                OpenAiAnswers.read(ask.operation(), answered, json, clock.instant(), answer -> counted(ask, answer));
            case NeverSent(var cause) ->
                new Broken(
                        ErrorCode.NETWORK_ERROR,
                        "The provider could not be reached: " + CleanText.of(cause),
                        Reply.NONE);
            case Lost(var cause, var timedOut) ->
                timedOut
                        ? new Unknown(
                                ErrorCode.MODEL_TIMEOUT, "The provider did not answer in time: " + cause, Reply.NONE)
                        : new Unknown(
                                ErrorCode.NETWORK_ERROR,
                                "The connection broke before the answer was whole: " + CleanText.of(cause),
                                Reply.NONE);
            case TooLong(var status, var limit) ->
                new Broken(
                        ErrorCode.MALFORMED_RESPONSE,
                        "The provider's answer is longer than " + limit + " bytes.",
                        new Reply(status, null, null, null));
            case Stopped(var why, var sent) -> new Interrupted(why, sent);
        };
    }
}
