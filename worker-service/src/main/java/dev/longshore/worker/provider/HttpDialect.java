package dev.longshore.worker.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.worker.provider.HttpExchange.Answered;
import dev.longshore.worker.provider.HttpExchange.Lost;
import dev.longshore.worker.provider.HttpExchange.NeverSent;
import dev.longshore.worker.provider.HttpExchange.Stopped;
import dev.longshore.worker.provider.HttpExchange.TooLong;
import dev.longshore.worker.slots.StopSign;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Speaks to a provider that is asked by one POST and answers it: what is said is the translation's
/// business, how it travels and what a silence means is the same for all.
public final class HttpDialect implements Dialect {
    private final HttpCaller http;
    private final ObjectMapper json;
    private final InstantSource clock;
    private final Translation translation;
    private final String base;
    private final String query;
    private final List<Map<String, String>> headersByKey;

    /// @param baseUrl up to the version segment; a query, such as Azure's `?api-version=...`, goes with every call
    /// @param keys the API keys, of which each call names one; none for servers that want none
    /// @param headers sent with every call; they win over the API's own
    public HttpDialect(
            HttpCaller http,
            ObjectMapper json,
            InstantSource clock,
            Translation translation,
            URI baseUrl,
            List<String> keys,
            Map<String, String> headers) {
        this.http = http;
        this.json = json;
        this.clock = clock;
        this.translation = translation;
        String url = baseUrl.toString();
        int question = url.indexOf('?');
        base = (question < 0 ? url : url.substring(0, question)).replaceAll("/+$", "");
        query = question < 0 ? "" : url.substring(question);
        headersByKey = keys.isEmpty()
                ? List.of(all(headers, null))
                : keys.stream().map(key -> all(headers, key)).toList();
    }

    private Map<String, String> all(Map<String, String> headers, @Nullable String key) {
        Map<String, String> all = new HashMap<>(translation.headers(key));
        all.putAll(headers);
        return Map.copyOf(all);
    }

    @Override
    public AttemptOutcome call(Ask ask, Timeouts timeouts, StopSign stop) {
        ObjectNode input = input(ask);
        if (input == null) {
            return new Refused(ErrorCode.INVALID_REQUEST, "The job's input is not a JSON object.", Reply.NONE);
        }
        Translation.Request request;
        try {
            request = translation.request(ask, input);
        } catch (Inexpressible e) {
            return new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "The provider of this model cannot be asked for " + CleanText.of(e.what()),
                    Reply.NONE);
        }
        Map<String, String> headers = new HashMap<>(headersByKey.get(ask.key()));
        // Not part of any API: they let a provider's log, or the simulator's, be held against ours.
        headers.put("x-longshore-job-id", ask.jobId());
        headers.put("x-longshore-attempt", Integer.toString(ask.claim()));
        return outcome(
                ask, http.post(URI.create(base + request.path() + query), headers, request.json(), timeouts, stop));
    }

    private @Nullable ObjectNode input(Ask ask) {
        try {
            return json.readTree(ask.input()) instanceof ObjectNode input ? input : null;
        } catch (JsonProcessingException _) {
            return null;
        }
    }

    private AttemptOutcome outcome(Ask ask, HttpExchange exchange) {
        return switch (exchange) {
            case Answered answered ->
                translation.outcome(ask, Received.of(answered, translation.requestIdHeader(), json, clock.instant()));
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
