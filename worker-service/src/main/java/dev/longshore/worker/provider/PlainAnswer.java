package dev.longshore.worker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.Usage;
import dev.longshore.tokens.TokenCounter;
import java.time.Instant;
import java.util.Optional;

/// An answer that is a text and little else, as the chat completion that callers expect.
///
/// @param text what the model said
/// @param finish why it stopped, in the words of Chat Completions
/// @param model which model has answered
public record PlainAnswer(String text, String finish, String model) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// The text of an output: a text, a list of texts that belong together, or any other JSON as it is written.
    ///
    /// @return empty when there is no output
    public static Optional<String> text(JsonNode output) {
        if (output.isMissingNode() || output.isNull()) {
            return Optional.empty();
        }
        if (output.isTextual()) {
            return Optional.of(output.textValue());
        }
        if (!output.isArray()) {
            return Optional.of(output.toString());
        }
        StringBuilder joined = new StringBuilder();
        for (JsonNode part : output) {
            if (!part.isTextual()) {
                return Optional.of(output.toString());
            }
            joined.append(part.textValue());
        }
        return Optional.of(joined.toString());
    }

    /// The number of tokens that stands there; -1 when there is none.
    public static int tokens(JsonNode count) {
        return count.canConvertToInt() && count.intValue() >= 0 ? count.intValue() : -1;
    }

    /// What the call used: as told, else by our own count.
    ///
    /// @param input the job's input
    /// @param told tokens of input, of those from a cache, and of output; -1 where nothing was told
    public Usage usage(TokenCounter count, JsonNode input, int told, int cached, int output) {
        int read = told >= 0 ? told : count.chat(input);
        int written = output >= 0 ? output : count.answer(completion(NODES.objectNode()));
        return new Usage(read, Math.clamp(cached, 0, read), written);
    }

    /// The chat completion.
    public ObjectNode completion(Ask ask, Instant now, Usage usage) {
        ObjectNode completion = NODES.objectNode()
                .put("id", "chatcmpl-" + ask.jobId() + "-" + ask.claim())
                .put("object", "chat.completion")
                .put("created", now.getEpochSecond())
                .put("model", model);
        completion(completion)
                .putObject("usage")
                .put("prompt_tokens", usage.inputTokens())
                .put("completion_tokens", usage.outputTokens())
                .put("total_tokens", (long) usage.inputTokens() + usage.outputTokens())
                .putObject("prompt_tokens_details")
                .put("cached_tokens", usage.cachedInputTokens());
        return completion;
    }

    private ObjectNode completion(ObjectNode completion) {
        ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", text)
                .putNull("refusal");
        choice.put("finish_reason", finish).putNull("logprobs");
        return completion;
    }
}
