package dev.longshore.simulator.tongue.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import dev.longshore.simulator.tongue.Bodies;
import dev.longshore.simulator.tongue.Conversation;

/// Reads what is asked of the Messages API.
final class MessageReader {

    private MessageReader() {}

    static Ask.Chat read(byte[] body) throws BadAsk {
        JsonNode asked = Bodies.object(body);
        String model = asked.path("model").asText("");
        if (model.isEmpty()) {
            throw new BadAsk("model: Field required");
        }
        if (!asked.path("max_tokens").canConvertToInt()
                || asked.path("max_tokens").intValue() < 1) {
            throw new BadAsk("max_tokens: Field required");
        }
        if (!asked.path("messages").isArray() || asked.path("messages").isEmpty()) {
            throw new BadAsk("messages: at least one message is required");
        }
        Conversation conversation = new Conversation();
        if (asked.hasNonNull("system")) {
            conversation.said("system", Bodies.text(asked.path("system")));
        }
        for (int i = 0; i < asked.path("messages").size(); i++) {
            message(conversation, asked.path("messages").get(i), i);
        }
        asked.path("tools")
                .forEach(tool -> conversation.declare(tool.path("name").asText("")));
        if ("none".equals(asked.at("/tool_choice/type").textValue())) {
            conversation.forbidTools();
        }
        return conversation.ask(
                model,
                asked.path("stream").asBoolean(),
                true,
                Bodies.limit(asked.path("max_tokens")),
                "json_schema".equals(asked.at("/output_config/format/type").textValue()));
    }

    /// The results of tools come in the user's name; what the user says beside them is a text as any other.
    private static void message(Conversation conversation, JsonNode message, int index) throws BadAsk {
        JsonNode content = message.path("content");
        String role = message.path("role").asText("");
        if (!role.equals("user") && !role.equals("assistant")) {
            throw new BadAsk("messages." + index + ".role: Input should be 'user' or 'assistant'");
        }
        String text = Bodies.text(content);
        if (role.equals("assistant")) {
            conversation.said(role, text);
            return;
        }
        boolean results = false;
        for (JsonNode block : content) {
            if ("tool_result".equals(block.path("type").textValue())) {
                conversation.tool(Bodies.text(block.path("content")));
                results = true;
            }
        }
        if (!results || !text.isEmpty()) {
            conversation.user(text);
        }
    }
}
