package dev.longshore.worker.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.worker.provider.Inexpressible;
import java.util.ArrayList;
import java.util.List;

/// One message of a chat, by who speaks.
public sealed interface ChatMessage {
    /// What the model is to keep to.
    ///
    /// @param role `system` or `developer`
    record Instruction(String role, List<Part> says) implements ChatMessage {}

    /// The user speaks.
    record Asked(List<Part> says) implements ChatMessage {}

    /// What the model said before.
    ///
    /// @param written the message as it came, for what only one provider puts there
    record Said(List<Part> says, List<ToolCall> calls, JsonNode written) implements ChatMessage {}

    /// What came of a call to a tool.
    ///
    /// @param call the id of the call
    /// @param at JSON pointer to the message
    record Result(String call, List<Part> says, String at) implements ChatMessage {}

    /// @param messages the field of that name in a chat
    static List<ChatMessage> read(JsonNode messages, TargetApi api) throws Inexpressible {
        List<ChatMessage> all = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            all.add(one(messages.get(i), "/messages/" + i, api));
        }
        return all;
    }

    private static ChatMessage one(JsonNode message, String at, TargetApi api) throws Inexpressible {
        if (message.hasNonNull("name")) {
            throw new Inexpressible(at + "/name", api.name() + " knows no names of those who speak.");
        }
        String role = message.path("role").asText("");
        List<Part> says = Part.read(message.path("content"), at + "/content");
        return switch (role) {
            case "system", "developer" -> new Instruction(role, says);
            case "user" -> new Asked(says);
            case "tool" -> new Result(message.path("tool_call_id").asText(""), says, at);
            case "assistant" -> said(message, says, at, api);
            default ->
                throw new Inexpressible(
                        at + "/role", "it is one of 'system', 'developer', 'user', 'assistant' and 'tool'.");
        };
    }

    private static Said said(JsonNode message, List<Part> says, String at, TargetApi api) throws Inexpressible {
        if (message.hasNonNull("function_call")) {
            throw new Inexpressible(at + "/function_call", "use 'tool_calls', which have taken its place.");
        }
        if (message.hasNonNull("audio")) {
            throw new Inexpressible(at + "/audio", api.name() + " takes no earlier answer in sound.");
        }
        if (message.hasNonNull("refusal")) {
            says.addAll(Part.Text.of(message.path("refusal").asText(), at + "/refusal"));
        }
        JsonNode calls = message.path("tool_calls");
        List<ToolCall> made = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            made.add(ToolCall.read(calls.get(i), at + "/tool_calls/" + i));
        }
        return new Said(says, made, message);
    }
}
