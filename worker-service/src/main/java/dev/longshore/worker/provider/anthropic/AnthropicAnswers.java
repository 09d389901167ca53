package dev.longshore.worker.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.chat.Completion;
import dev.longshore.worker.provider.chat.Spoken;
import dev.longshore.worker.provider.chat.TokenCount;
import java.time.Instant;

/// Writes a Message down as a chat completion.
final class AnthropicAnswers {
    private AnthropicAnswers() {}

    static AttemptOutcome read(Received received, Instant now) {
        JsonNode body = received.body();
        JsonNode content = body.path("content");
        String stopped = body.path("stop_reason").asText("");
        if (!content.isArray() || stopped.isEmpty()) {
            return received.malformed("The provider's answer is no whole message.");
        }
        if (content.isEmpty() && stopped.equals("refusal")) {
            return new Refused(
                    ErrorCode.CONTENT_FILTER_TRIGGERED, "The provider declined to answer.", received.reply());
        }
        if (stopped.equals("pause_turn")) {
            return received.malformed("The provider paused a tool of its own before it was done.");
        }
        Usage usage = usage(body.path("usage"));
        Completion completion = new Completion(body.path("id"), now.getEpochSecond(), body.path("model"));
        completion.choice(said(content), finish(stopped));
        completion.usage(usage);
        return completion.answered(received, usage);
    }

    private static Spoken said(JsonNode content) {
        Spoken said = new Spoken();
        ArrayNode thinking = JsonNodeFactory.instance.arrayNode();
        for (JsonNode block : content) {
            switch (block.path("type").asText("")) {
                case "text" -> said.text(block.path("text").asText());
                case "thinking" -> {
                    said.thought(block.path("thinking").asText());
                    thinking.add(block);
                }
                case "redacted_thinking" -> thinking.add(block);
                case "tool_use" -> {
                    JsonNode input = block.path("input");
                    said.call(
                            block.path("id"),
                            block.path("name"),
                            input.isTextual() ? input.textValue() : input.toString());
                }
                default -> {
                    // What tools of Anthropic's own did on the way has no place in a chat completion.
                }
            }
        }
        if (!thinking.isEmpty()) {
            // To be sent back with the results of tools: they are signed.
            said.own("thinking_blocks", thinking);
        }
        return said;
    }

    private static String finish(String stopReason) {
        return switch (stopReason) {
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "tool_use" -> "tool_calls";
            case "refusal" -> "content_filter";
            default -> "stop";
        };
    }

    /// Anthropic counts what came from the cache, and what went into it, apart from the other input.
    static Usage usage(JsonNode usage) {
        JsonNode cached = usage.path("cache_read_input_tokens");
        return new Usage(
                TokenCount.sum(usage.path("input_tokens"), cached, usage.path("cache_creation_input_tokens")),
                TokenCount.of(cached),
                TokenCount.of(usage.path("output_tokens")));
    }
}
