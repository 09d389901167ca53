package dev.longshore.worker.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// A tool that the caller has, and that the model may call.
///
/// @param description may be missing
/// @param parameters JSON Schema; missing for a function that takes none
public record FunctionTool(JsonNode name, JsonNode description, JsonNode parameters, boolean strict) {
    /// @return empty for a tool of the provider's own, by its own name
    public static Optional<FunctionTool> read(JsonNode tool) {
        JsonNode function = tool.path("function");
        return "function".equals(tool.path("type").textValue())
                ? Optional.of(new FunctionTool(
                        function.path("name"),
                        function.path("description"),
                        function.path("parameters"),
                        function.path("strict").asBoolean()))
                : Optional.empty();
    }

    /// Name and description, which are called so everywhere.
    public ObjectNode introduced() {
        ObjectNode tool = JsonNodeFactory.instance.objectNode();
        tool.set("name", name);
        if (isSet(description)) {
            tool.set("description", description);
        }
        return tool;
    }

    public boolean takesParameters() {
        return isSet(parameters);
    }

    /// For APIs that insist on a schema.
    public JsonNode schema() {
        return takesParameters()
                ? parameters
                : JsonNodeFactory.instance.objectNode().put("type", "object");
    }

    private static boolean isSet(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }
}
