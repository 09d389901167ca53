package dev.longshore.simulator.tongue.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import dev.longshore.simulator.tongue.Bodies;
import dev.longshore.simulator.tongue.Conversation;

/// Reads what is asked of the Responses API: a text, or items that are messages, calls and results of tools.
final class ResponseReader {

    private ResponseReader() {}

    static Ask.Chat read(byte[] body) throws BadAsk {
        JsonNode asked = Bodies.object(body);
        String model = asked.path("model").asText("");
        if (model.isEmpty()) {
            throw Missing.of("model");
        }
        Conversation conversation = new Conversation();
        if (asked.hasNonNull("instructions")) {
            conversation.said("developer", asked.path("instructions").asText());
        }
        input(conversation, asked.path("input"));
        asked.path("tools")
                .forEach(tool -> conversation.declare(tool.path("name").asText("")));
        if ("none".equals(asked.path("tool_choice").textValue())) {
            conversation.forbidTools();
        }
        return conversation.ask(
                model,
                asked.path("stream").asBoolean(),
                true,
                Bodies.limit(asked.path("max_output_tokens")),
                asked.at("/text/format/type").asText("").startsWith("json"));
    }

    private static void input(Conversation conversation, JsonNode input) throws BadAsk {
        if (input.isTextual()) {
            conversation.user(input.textValue());
            return;
        }
        if (!input.isArray() || input.isEmpty()) {
            throw Missing.of("input");
        }
        for (JsonNode item : input) {
            String role = item.path("role").asText("");
            switch (item.path("type").asText("message")) {
                case "message" -> {
                    String text = Bodies.text(item.path("content"));
                    if (role.equals("user")) {
                        conversation.user(text);
                    } else {
                        conversation.said(role, text);
                    }
                }
                case "function_call_output" -> conversation.tool(Bodies.text(item.path("output")));
                case "function_call" ->
                    conversation.said("assistant", item.path("arguments").asText(""));
                default -> {
                    // Thoughts and references, which say nothing new.
                }
            }
        }
    }
}
