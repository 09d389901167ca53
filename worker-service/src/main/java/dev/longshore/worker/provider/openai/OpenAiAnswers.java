package dev.longshore.worker.provider.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.CleanText;
import dev.longshore.worker.provider.HttpExchange.Answered;
import dev.longshore.worker.provider.RetryAfter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Function;

/// Reads what came back: a good answer into its result and usage, anything else into a class of failure.
final class OpenAiAnswers {
    private OpenAiAnswers() {}

    /// @param count our own count of a call's tokens, for servers that do not report theirs
    static AttemptOutcome read(
            Operation operation, Answered exchange, ObjectMapper json, Instant now, Function<JsonNode, Usage> count) {
        Reply reply = new Reply(
                exchange.status(),
                exchange.headers().get("x-request-id"),
                RetryAfter.in(exchange.headers(), now),
                exchange.firstByte());
        String text;
        JsonNode body;
        try {
            text = decode(exchange.body());
            body = json.reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(text);
        } catch (CharacterCodingException | JsonProcessingException _) {
            return exchange.status() == 200
                    ? malformed("The provider's answer is not whole, valid JSON.", reply)
                    : OpenAiErrors.classify(exchange.status(), json.missingNode(), reply);
        }
        if (exchange.status() != 200) {
            return OpenAiErrors.classify(exchange.status(), body, reply);
        }
        if (body.path("error").isObject()) {
            return OpenAiErrors.hiddenInSuccess(body, reply);
        }
        return switch (operation) {
            case CHAT -> chat(text, body, exchange, reply, count);
            case EMBED -> embeddings(text, body, exchange, reply, count);
        };
    }

    /// Strict, so that a broken byte is seen here and not stored.
    private static String decode(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }

    private static AttemptOutcome chat(
            String text, JsonNode body, Answered exchange, Reply reply, Function<JsonNode, Usage> count) {
        JsonNode choices = body.path("choices");
        if (!choices.isArray() || choices.isEmpty()) {
            return malformed("The provider's answer has no choices.", reply);
        }
        JsonNode first = choices.get(0);
        JsonNode message = first.path("message");
        boolean says =
                message.hasNonNull("content") || message.hasNonNull("refusal") || message.hasNonNull("tool_calls");
        if (!says && "content_filter".equals(first.path("finish_reason").textValue())) {
            return new Refused(
                    ErrorCode.CONTENT_FILTER_TRIGGERED, "The provider's content filter withheld the answer.", reply);
        }
        if (!message.isObject()) {
            return malformed("The provider's answer has a choice without a message.", reply);
        }
        return answered(text, body, exchange, reply, count);
    }

    private static AttemptOutcome embeddings(
            String text, JsonNode body, Answered exchange, Reply reply, Function<JsonNode, Usage> count) {
        JsonNode data = body.path("data");
        if (!data.isArray() || data.isEmpty() || !data.get(0).has("embedding")) {
            return malformed("The provider's answer has no embeddings.", reply);
        }
        return answered(text, body, exchange, reply, count);
    }

    private static AttemptOutcome answered(
            String text, JsonNode body, Answered exchange, Reply reply, Function<JsonNode, Usage> count) {
        JsonNode usage = body.path("usage");
        JsonNode input = usage.path("prompt_tokens");
        boolean reported = input.canConvertToInt() && input.intValue() >= 0;
        JsonNode model = body.path("model");
        return new AttemptOutcome.Answered(new Answer(
                text,
                reported ? asReported(usage) : count.apply(body),
                // The result stays as it came, as JSON; this leaves it, and the database takes no zero bytes.
                model.isTextual() ? CleanText.of(model.textValue()) : null,
                exchange.total(),
                reply));
    }

    private static Usage asReported(JsonNode usage) {
        int input = tokens(usage.path("prompt_tokens"));
        int cached = tokens(usage.path("prompt_tokens_details").path("cached_tokens"));
        return new Usage(input, Math.min(cached, input), tokens(usage.path("completion_tokens")));
    }

    private static int tokens(JsonNode count) {
        return count.canConvertToInt() ? Math.max(0, count.intValue()) : 0;
    }

    private static Broken malformed(String message, Reply reply) {
        return new Broken(ErrorCode.MALFORMED_RESPONSE, message, reply);
    }
}
