package dev.longshore.worker.provider.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.worker.provider.Inexpressible;

/// A call to a tool that a model made earlier in a chat.
///
/// @param arguments JSON, as text
/// @param written as it came, for what only one provider puts there
/// @param at JSON pointer to it
public record ToolCall(String id, String function, String arguments, JsonNode written, String at) {
    static ToolCall read(JsonNode call, String at) {
        JsonNode function = call.path("function");
        return new ToolCall(
                call.path("id").asText(""),
                function.path("name").asText(""),
                function.path("arguments").asText(""),
                call,
                at);
    }

    /// The arguments for an API that takes them as an object.
    public JsonNode argumentsAsObject(ObjectMapper json, TargetApi api) throws Inexpressible {
        try {
            JsonNode parsed = arguments.isBlank() ? json.createObjectNode() : json.readTree(arguments);
            if (parsed.isObject()) {
                return parsed;
            }
        } catch (JsonProcessingException _) {
            // Told below.
        }
        throw new Inexpressible(at + "/function/arguments", api.name() + " takes a JSON object.");
    }
}
