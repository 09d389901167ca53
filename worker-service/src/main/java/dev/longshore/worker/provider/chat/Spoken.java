package dev.longshore.worker.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// Gathers what a model said and writes it down as the message of a chat completion.
public final class Spoken {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final StringBuilder thoughts = new StringBuilder();
    private final ArrayNode calls = NODES.arrayNode();
    private final ObjectNode own = NODES.objectNode();
    private @Nullable StringBuilder text;
    private @Nullable StringBuilder refusal;

    public void text(String more) {
        text = (text == null ? new StringBuilder() : text).append(more);
    }

    public void refusal(String more) {
        refusal = (refusal == null ? new StringBuilder() : refusal).append(more);
    }

    public void thought(String more) {
        thoughts.append(more);
    }

    /// @return the call, for what only this provider puts there
    public ObjectNode call(JsonNode id, JsonNode function, String arguments) {
        ObjectNode call = calls.addObject();
        call.set("id", id);
        ObjectNode called = call.put("type", "function").putObject("function");
        called.set("name", function);
        called.put("arguments", arguments);
        return call;
    }

    /// A field of the message that only this provider has.
    public void own(String field, JsonNode value) {
        own.set(field, value);
    }

    public int calls() {
        return calls.size();
    }

    public boolean isSilent() {
        return text == null && refusal == null && calls.isEmpty();
    }

    ObjectNode message() {
        ObjectNode message = NODES.objectNode().put("role", "assistant");
        message.put("content", text == null ? null : text.toString());
        message.put("refusal", refusal == null ? null : refusal.toString());
        if (!thoughts.isEmpty()) {
            message.put("reasoning_content", thoughts.toString());
        }
        message.setAll(own);
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        return message;
    }
}
