package dev.longshore.worker.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.HttpExchange.Answered;
import dev.longshore.worker.provider.HttpExchange.Streamed;
import io.vertx.core.MultiMap;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/// A provider's whole answer, taken apart as far as that is the same for all of them.
///
/// @param text the body as it came; empty when it is no valid UTF-8
/// @param body the body as JSON; a missing node when it is none
/// @param total from sending to the end of the answer
public record Received(String text, JsonNode body, Reply reply, Duration total) {
    private static final int OK = 200;

    /// @param requestIdHeader the header that carries the provider's id of the call
    public static Received of(Answered exchange, String requestIdHeader, ObjectMapper json, Instant now) {
        Reply reply = reply(exchange.status(), exchange.headers(), exchange.firstByte(), requestIdHeader, now);
        try {
            String text = decode(exchange.body());
            JsonNode body =
                    json.reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(text);
            return new Received(text, body, reply, exchange.total());
        } catch (CharacterCodingException | JsonProcessingException _) {
            return new Received("", json.missingNode(), reply, exchange.total());
        }
    }

    /// A streamed answer.
    ///
    /// @param whole what came, put together
    public static Received of(Streamed exchange, JsonNode whole, String requestIdHeader, Instant now) {
        return new Received(
                whole.toString(),
                whole,
                reply(exchange.status(), exchange.headers(), exchange.firstByte(), requestIdHeader, now),
                exchange.total());
    }

    private static Reply reply(int status, MultiMap headers, Duration firstByte, String requestIdHeader, Instant now) {
        return new Reply(
                status,
                headers.get(requestIdHeader),
                RetryAfter.in(headers, now),
                firstByte,
                RateLimitHeaders.in(headers, now));
    }

    /// The same, with another account of itself.
    public Received with(Reply other) {
        return new Received(text, body, other, total);
    }

    /// Strict, so that a broken byte is seen here and not stored.
    private static String decode(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }

    public int status() {
        return reply.status();
    }

    /// Whether the provider says that it did what it was asked.
    public boolean isSuccess() {
        return status() == OK;
    }

    /// Whether the body is JSON, from its first byte to its last.
    public boolean isJson() {
        return !body.isMissingNode();
    }

    /// A good answer.
    ///
    /// @param result in the normal form
    /// @param model where the provider says which model has answered
    public AttemptOutcome answered(String result, Usage usage, JsonNode model) {
        return new AttemptOutcome.Answered(new Answer(
                result,
                usage,
                // The result stays as it came, as JSON; this leaves it, and the database takes no zero bytes.
                model.isTextual() ? CleanText.of(model.textValue()) : null,
                total,
                reply));
    }

    /// An answer that is not even JSON.
    public Broken noJson() {
        return malformed("The provider's answer is not whole, valid JSON.");
    }

    /// An answer that makes no sense.
    public Broken malformed(String message) {
        return new Broken(ErrorCode.MALFORMED_RESPONSE, message, reply);
    }

    /// The provider's status and words, fit to be shown.
    public String words(String said) {
        return words(status(), said);
    }

    /// The same, where a status inside the body says more than that of the answer.
    public static String words(int status, String said) {
        String clean = CleanText.of(said);
        return clean.isEmpty()
                ? "The provider answered " + status + "."
                : "The provider answered " + status + ": " + clean;
    }

    /// The same, but with how long the provider asks us to stay away as its body says it.
    public Received retryAfter(Duration asked) {
        return new Received(
                text,
                body,
                new Reply(reply.status(), reply.requestId(), asked, reply.firstByte(), reply.headroom()),
                total);
    }
}
