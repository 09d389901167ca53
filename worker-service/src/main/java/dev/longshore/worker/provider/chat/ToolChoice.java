package dev.longshore.worker.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.worker.provider.Inexpressible;

/// Whether a model may, must or must not call tools.
public sealed interface ToolChoice {
    enum Mode implements ToolChoice {
        AUTO,
        NONE,
        REQUIRED
    }

    /// This one must be called.
    record Named(String function) implements ToolChoice {}

    static ToolChoice read(JsonNode choice) throws Inexpressible {
        if (choice.isTextual()) {
            return switch (choice.textValue()) {
                case "auto" -> Mode.AUTO;
                case "none" -> Mode.NONE;
                case "required" -> Mode.REQUIRED;
                default -> throw new Inexpressible("/tool_choice", "there is no choice '" + choice.textValue() + "'.");
            };
        }
        if (!choice.path("function").hasNonNull("name")) {
            throw new Inexpressible("/tool_choice", "one function can be named, or 'auto', 'none' or 'required'.");
        }
        return new Named(choice.path("function").path("name").asText());
    }
}
