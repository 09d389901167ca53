package dev.longshore.worker.provider;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.HttpExchange.Answered;
import dev.longshore.worker.provider.HttpExchange.Lost;
import dev.longshore.worker.provider.HttpExchange.NeverSent;
import dev.longshore.worker.provider.HttpExchange.Stopped;
import dev.longshore.worker.provider.HttpExchange.StreamEnd;
import dev.longshore.worker.provider.HttpExchange.Streamed;
import dev.longshore.worker.provider.HttpExchange.TooLong;
import dev.longshore.worker.slots.StopSign;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Speaks to a provider that is asked by one POST and answers it: what is said is the translation's
/// business, how it travels and what a silence means is the same for all.
public final class HttpDialect implements Dialect {
    private final HttpCaller http;
    private final ObjectMapper json;
    private final InstantSource clock;
    private final Translation translation;
    private final Endpoint endpoint;
    private final OwnCount own;

    /// @param tokens counts what a stream has used that breaks off
    /// @param baseUrl up to the version segment; a query, such as Azure's `?api-version=...`, goes with every call
    /// @param keys the API keys, of which each call names one; none for servers that want none
    /// @param headers sent with every call; they win over the API's own
    public HttpDialect(
            HttpCaller http,
            ObjectMapper json,
            InstantSource clock,
            TokenCounter tokens,
            Translation translation,
            URI baseUrl,
            List<String> keys,
            Map<String, String> headers) {
        this.http = http;
        this.json = json;
        this.clock = clock;
        this.translation = translation;
        endpoint = new Endpoint(baseUrl, keys, headers, translation::headers);
        own = new OwnCount(json, tokens);
    }

    @Override
    public AttemptOutcome call(Ask ask, Timeouts timeouts, StopSign stop, TokenSink tokens) {
        Translation.Request request;
        try {
            request = translation.request(ask, ask.object(json));
        } catch (Inexpressible e) {
            return e.refused();
        }
        URI address = endpoint.at(request.path());
        Map<String, String> headers = endpoint.headers(ask.key(), ask.jobId(), ask.claim());
        StreamReader reader = request.stream();
        if (reader == null) {
            AttemptOutcome outcome = outcome(ask, http.post(address, headers, request.json(), timeouts, stop), null);
            InOnePiece.say(outcome, ask, json, tokens);
            return outcome;
        }
        StreamedAnswer streamed = new StreamedAnswer(reader, tokens);
        AttemptOutcome outcome = null;
        try {
            outcome = outcome(ask, http.post(address, headers, request.json(), timeouts, stop, streamed), streamed);
            return outcome instanceof AttemptOutcome.Answered ? outcome : booked(ask, outcome, streamed);
        } finally {
            if (!(outcome instanceof AttemptOutcome.Answered)) {
                streamed.withdraw();
            }
        }
    }

    /// @param answer what came by a stream; null where none was asked for
    private AttemptOutcome outcome(Ask ask, HttpExchange exchange, @Nullable StreamedAnswer answer) {
        return switch (exchange) {
            case Answered answered ->
                translation.outcome(ask, Received.of(answered, translation.requestIdHeader(), json, clock.instant()));
            case Streamed stream -> streamed(ask, stream, Objects.requireNonNull(answer));
            case NeverSent(var cause) ->
                new Broken(
                        ErrorCode.NETWORK_ERROR,
                        "The provider could not be reached: " + CleanText.of(cause),
                        Reply.NONE);
            case Lost(var cause, var timedOut) -> unknown(cause, timedOut, Reply.NONE);
            case TooLong(var status, var limit) ->
                new Broken(
                        ErrorCode.MALFORMED_RESPONSE,
                        "The provider's answer is longer than " + limit + " bytes.",
                        new Reply(status, null, null, null));
            case Stopped(var why, var sent) -> new Interrupted(why, sent);
        };
    }

    /// A stream that was whole is an answer, however its connection ended. One that the provider or the network ended
    /// before is known to have failed, unlike a call of which nothing was seen: a provider works on a stream while
    /// somebody listens. Only one that went silent may go on without us.
    private AttemptOutcome streamed(Ask ask, Streamed stream, StreamedAnswer answer) {
        Received received = Received.of(stream, answer.whole(), translation.requestIdHeader(), clock.instant());
        if (received.isJson()) {
            return translation.outcome(ask, received);
        }
        if (!answer.makesSense()) {
            return received.malformed("The provider's stream is not made of whole, valid events.");
        }
        return switch (answer.isOver() ? StreamEnd.CLOSED : stream.end()) {
            case CLOSED -> received.malformed("The provider's stream ended before the answer was whole.");
            case BROKEN ->
                new Broken(
                        ErrorCode.NETWORK_ERROR,
                        "The stream broke off before the answer was whole: " + CleanText.of(stream.cause()),
                        received.reply());
            case TIMED_OUT -> unknown(stream.cause(), true, received.reply());
        };
    }

    /// What a provider has begun to answer it has done and will bill, so that it is booked. Where it may go on
    /// without us, nobody knows how much that is: then the most that it can be is held instead.
    private AttemptOutcome booked(Ask ask, AttemptOutcome outcome, StreamedAnswer answer) {
        Heard heard = answer.heard();
        if (heard == null) {
            return outcome;
        }
        return switch (outcome) {
            case Refused(var code, var message, var reply) ->
                new Refused(code, message, reply.spending(own.of(ask, heard)));
            case Throttled(var code, var message, var reply) ->
                new Throttled(code, message, reply.spending(own.of(ask, heard)));
            case Broken(var code, var message, var reply) ->
                new Broken(code, message, reply.spending(own.of(ask, heard)));
            case AttemptOutcome.Answered _, Unknown _, Interrupted _ -> outcome;
        };
    }

    private static Unknown unknown(String cause, boolean timedOut, Reply reply) {
        return timedOut
                ? new Unknown(ErrorCode.MODEL_TIMEOUT, "The provider did not answer in time: " + cause, reply)
                : new Unknown(
                        ErrorCode.NETWORK_ERROR,
                        "The connection broke before the answer was whole: " + CleanText.of(cause),
                        reply);
    }
}
