package dev.longshore.worker.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.chat.TokenCount;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads what came back: a good answer into its result and usage, anything else into a class of failure.
final class OpenAiAnswers {
    private OpenAiAnswers() {}

    /// @param count our own count of a call's tokens, for servers that do not report theirs
    static AttemptOutcome read(Operation operation, Received received, Function<JsonNode, Usage> count) {
        return read(received, good -> switch (operation) {
            case CHAT -> chat(good, count);
            case EMBED -> embeddings(good, count);
        });
    }

    /// @param good reads a success that hides no error
    static AttemptOutcome read(Received received, Function<Received, AttemptOutcome> good) {
        if (!received.isSuccess()) {
            return OpenAiErrors.classify(received.status(), received.body(), received.reply());
        }
        if (!received.isJson()) {
            return received.noJson();
        }
        if (received.body().path("error").isObject()) {
            return OpenAiErrors.hiddenInSuccess(received.body(), received.reply());
        }
        return good.apply(received);
    }

    private static AttemptOutcome chat(Received received, Function<JsonNode, Usage> count) {
        JsonNode choices = received.body().path("choices");
        if (!choices.isArray() || choices.isEmpty()) {
            return received.malformed("The provider's answer has no choices.");
        }
        JsonNode first = choices.get(0);
        JsonNode message = first.path("message");
        // Some leave the text of what their filter kept back away, others leave it empty.
        boolean says = !message.path("content").asText("").isEmpty()
                || message.path("content").isArray()
                || message.hasNonNull("refusal")
                || message.hasNonNull("tool_calls");
        if (!says && "content_filter".equals(first.path("finish_reason").textValue())) {
            return new Refused(
                    ErrorCode.CONTENT_FILTER_TRIGGERED,
                    "The provider's content filter withheld the answer.",
                    received.reply());
        }
        if (!message.isObject()) {
            return received.malformed("The provider's answer has a choice without a message.");
        }
        return answered(received, count);
    }

    static AttemptOutcome embeddings(Received received, Function<JsonNode, Usage> count) {
        JsonNode data = received.body().path("data");
        if (!data.isArray() || data.isEmpty() || !data.get(0).has("embedding")) {
            return received.malformed("The provider's answer has no embeddings.");
        }
        return answered(received, count);
    }

    private static AttemptOutcome answered(Received received, Function<JsonNode, Usage> count) {
        JsonNode body = received.body();
        Usage told = told(body);
        return received.answered(received.text(), told == null ? count.apply(body) : told, body.path("model"));
    }

    /// The tokens that a body says were used; null when it does not say.
    static @Nullable Usage told(JsonNode body) {
        JsonNode usage = body.path("usage");
        JsonNode input = usage.path("prompt_tokens");
        return input.canConvertToInt() && input.intValue() >= 0 ? asReported(usage) : null;
    }

    private static Usage asReported(JsonNode usage) {
        int input = TokenCount.of(usage.path("prompt_tokens"));
        int cached = TokenCount.of(usage.path("prompt_tokens_details").path("cached_tokens"));
        return new Usage(input, Math.min(cached, input), TokenCount.of(usage.path("completion_tokens")));
    }
}
