package dev.longshore.simulator.tongue.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.ChatAnswer;
import dev.longshore.simulator.tongue.Finish;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Stamp;

/// Writes an answer down as a message.
final class MessageJson {

    private final ChatAnswer answer;
    private final Stamp stamp;

    MessageJson(ChatAnswer answer, Stamp stamp) {
        this.answer = answer;
        this.stamp = stamp;
    }

    ObjectNode whole() {
        ObjectNode message = open();
        ArrayNode content = (ArrayNode) message.path("content");
        if (thinks()) {
            content.add(thinking(answer.thoughts(), signature()));
        }
        if (says()) {
            content.add(answer.finish() == Finish.TOOL ? toolUse(Json.asObject(answer.text())) : text(answer.text()));
        }
        message.put("stop_reason", stopReason());
        message.set("usage", usage(answer.outputTokens()));
        return message;
    }

    /// The message while there is nothing in it yet.
    ObjectNode open() {
        ObjectNode message = Json.object().put("id", "msg_" + stamp.id()).put("type", "message");
        message.put("role", "assistant").put("model", answer.model()).putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence").set("usage", usage(1));
        return message;
    }

    boolean thinks() {
        return answer.thoughtTokens() > 0;
    }

    /// Whether there is a block besides the thoughts.
    boolean says() {
        return switch (answer.finish()) {
            case DONE, TOOL, DECLINED, LENGTH -> true;
            case NOTHING, WITHHELD, FAILED -> false;
        };
    }

    String stopReason() {
        return switch (answer.finish()) {
            case DONE, NOTHING, FAILED -> "end_turn";
            case LENGTH -> "max_tokens";
            case TOOL -> "tool_use";
            case DECLINED, WITHHELD -> "refusal";
        };
    }

    ObjectNode text(String text) {
        return Json.object().put("type", "text").put("text", text);
    }

    ObjectNode thinking(String thoughts, String signature) {
        return Json.object().put("type", "thinking").put("thinking", thoughts).put("signature", signature);
    }

    String signature() {
        return "paper" + stamp.id();
    }

    ObjectNode toolUse(ObjectNode input) {
        ObjectNode block = Json.object().put("type", "tool_use").put("id", "toolu_" + stamp.id());
        return block.put("name", answer.tool()).set("input", input);
    }

    /// What came from the cache is counted apart from the other input.
    ObjectNode usage(int outputTokens) {
        ObjectNode usage = Json.object().put("input_tokens", answer.inputTokens() - answer.cachedTokens());
        usage.put("cache_creation_input_tokens", 0).put("cache_read_input_tokens", answer.cachedTokens());
        return usage.put("output_tokens", outputTokens).put("service_tier", "standard");
    }
}
