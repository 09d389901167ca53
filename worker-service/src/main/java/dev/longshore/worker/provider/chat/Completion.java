package dev.longshore.worker.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Received;

/// An answer written down as a chat completion.
public final class Completion {
    private final ObjectNode written = JsonNodeFactory.instance.objectNode();
    private final ArrayNode choices;

    /// @param created in seconds since 1970
    public Completion(JsonNode id, long created, JsonNode model) {
        written.set("id", id);
        written.put("object", "chat.completion").put("created", created);
        written.set("model", model);
        choices = written.putArray("choices");
    }

    public void choice(Spoken said, String finish) {
        choices.addObject()
                .put("index", choices.size() - 1)
                .<ObjectNode>set("message", said.message())
                .put("finish_reason", finish)
                .putNull("logprobs");
    }

    public void usage(Usage usage) {
        written(usage);
    }

    /// What was used, and how much of it on thinking.
    public void usage(Usage usage, int reasoningTokens) {
        written(usage).putObject("completion_tokens_details").put("reasoning_tokens", reasoningTokens);
    }

    private ObjectNode written(Usage usage) {
        ObjectNode used = written.putObject("usage")
                .put("prompt_tokens", usage.inputTokens())
                .put("completion_tokens", usage.outputTokens())
                .put("total_tokens", (long) usage.inputTokens() + usage.outputTokens());
        used.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedInputTokens());
        return used;
    }

    /// A field that only some providers tell.
    public void own(String field, JsonNode value) {
        if (!value.isMissingNode()) {
            written.set(field, value);
        }
    }

    /// As far as it has come.
    public JsonNode written() {
        return written;
    }

    public AttemptOutcome answered(Received received, Usage usage) {
        return received.answered(written.toString(), usage, written.path("model"));
    }
}
