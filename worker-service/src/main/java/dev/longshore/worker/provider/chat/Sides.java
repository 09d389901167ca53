package dev.longshore.worker.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/// The messages of an API in which two sides take turns: what one of them says in a row becomes one message.
public final class Sides {
    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    private final String field;

    /// @param field the field of a message that lists what is said
    public Sides(String field) {
        this.field = field;
    }

    /// Where to put what this side says next.
    public ArrayNode saidBy(String role) {
        JsonNode last = messages.path(messages.size() - 1);
        if (role.equals(last.path("role").textValue())) {
            return (ArrayNode) last.path(field);
        }
        return messages.addObject().put("role", role).putArray(field);
    }

    public ArrayNode messages() {
        return messages;
    }
}
