package dev.longshore.worker.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.worker.provider.Inexpressible;
import java.util.Map;

/// An API that a chat is translated for, under the name that refusals give it.
///
/// @param name such as `Google's API`
public record TargetApi(String name) {
    /// Takes one field of a request.
    @FunctionalInterface
    public interface FieldWriter {
        void put(String field, JsonNode value) throws Inexpressible;
    }

    /// Goes through the fields that are set: OpenAI takes null for one that is not.
    public static void eachField(ObjectNode input, FieldWriter writer) throws Inexpressible {
        for (Map.Entry<String, JsonNode> field : input.properties()) {
            if (!field.getValue().isNull()) {
                writer.put(field.getKey(), field.getValue());
            }
        }
    }

    /// For a field that is one text or a list of them.
    public static JsonNode asList(JsonNode value) {
        return value.isTextual() ? JsonNodeFactory.instance.arrayNode().add(value) : value;
    }

    /// Reads a field that is on or off.
    public static boolean isOn(String field, JsonNode value) throws Inexpressible {
        if (!value.isBoolean()) {
            throw new Inexpressible("/" + field, "it is true or false.");
        }
        return value.booleanValue();
    }

    public Inexpressible nothingLike(String field) {
        return new Inexpressible("/" + field, name + " has nothing like it.");
    }

    /// Refuses a field that asks for anything but what this API does anyway.
    ///
    /// @param allowed as JSON
    public void only(String field, JsonNode value, String allowed) throws Inexpressible {
        if (!value.toString().equals(allowed)) {
            throw new Inexpressible("/" + field, name + " can only be asked for " + allowed + ".");
        }
    }

    /// Refuses a penalty, or anything else that has a number, unless it is none.
    public void onlyZero(String field, JsonNode value) throws Inexpressible {
        if (value.asDouble() != 0) {
            throw nothingLike(field);
        }
    }

    /// Refuses what Chat Completions alone can be asked for, and leaves out what only says how its chunks look.
    ///
    /// @return whether the field was one of that kind; any other must be put into the request
    public boolean leavesOut(String field, JsonNode value) throws Inexpressible {
        switch (field) {
            case "functions", "function_call" ->
                throw new Inexpressible("/" + field, "use 'tools' and 'tool_choice', which have taken its place.");
            case "audio", "logit_bias", "prediction", "top_logprobs", "web_search_options" -> throw nothingLike(field);
            case "logprobs" -> only(field, value, "false");
            case "stream_options" -> {}
            case "modalities" -> only(field, value, "[\"text\"]");
            default -> {
                return false;
            }
        }
        return true;
    }
}
