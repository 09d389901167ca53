package dev.longshore.worker.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Received;
import java.time.Instant;

/// Writes a Message down as a chat completion.
final class AnthropicAnswers {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

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
        ObjectNode completion = NODES.objectNode();
        completion.set("id", body.path("id"));
        completion.put("object", "chat.completion");
        completion.put("created", now.getEpochSecond());
        completion.set("model", body.path("model"));
        completion
                .putArray("choices")
                .addObject()
                .put("index", 0)
                .<ObjectNode>set("message", message(content))
                .put("finish_reason", finish(stopped))
                .putNull("logprobs");
        completion.set("usage", usage(usage));
        return received.answered(completion.toString(), usage, body.path("model"));
    }

    private static ObjectNode message(JsonNode content) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        ArrayNode thinking = NODES.arrayNode();
        ArrayNode calls = NODES.arrayNode();
        boolean says = false;
        for (JsonNode block : content) {
            switch (block.path("type").asText("")) {
                case "text" -> {
                    says = true;
                    text.append(block.path("text").asText());
                }
                case "thinking" -> {
                    thoughts.append(block.path("thinking").asText());
                    thinking.add(block);
                }
                case "redacted_thinking" -> thinking.add(block);
                case "tool_use" -> {
                    ObjectNode call = calls.addObject();
                    call.set("id", block.path("id"));
                    ObjectNode function = call.put("type", "function").putObject("function");
                    function.set("name", block.path("name"));
                    function.put("arguments", block.path("input").toString());
                }
                default -> {
                    // What tools of Anthropic's own did on the way has no place in a chat completion.
                }
            }
        }
        ObjectNode message = NODES.objectNode().put("role", "assistant");
        message.set("content", says ? NODES.textNode(text.toString()) : NODES.nullNode());
        message.putNull("refusal");
        if (!thoughts.isEmpty()) {
            message.put("reasoning_content", thoughts.toString());
        }
        if (!thinking.isEmpty()) {
            // To be sent back with the results of tools: they are signed.
            message.set("thinking_blocks", thinking);
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        return message;
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
    private static Usage usage(JsonNode usage) {
        int cached = tokens(usage.path("cache_read_input_tokens"));
        long input =
                (long) tokens(usage.path("input_tokens")) + cached + tokens(usage.path("cache_creation_input_tokens"));
        return new Usage((int) Math.min(Integer.MAX_VALUE, input), cached, tokens(usage.path("output_tokens")));
    }

    private static int tokens(JsonNode count) {
        return count.canConvertToInt() ? Math.max(0, count.intValue()) : 0;
    }

    private static ObjectNode usage(Usage usage) {
        ObjectNode written = NODES.objectNode()
                .put("prompt_tokens", usage.inputTokens())
                .put("completion_tokens", usage.outputTokens())
                .put("total_tokens", (long) usage.inputTokens() + usage.outputTokens());
        written.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedInputTokens());
        return written;
    }
}
