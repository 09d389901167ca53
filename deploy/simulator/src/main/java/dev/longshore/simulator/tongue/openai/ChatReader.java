package dev.longshore.simulator.tongue.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import dev.longshore.simulator.tongue.Bodies;
import dev.longshore.simulator.tongue.Conversation;
import dev.longshore.simulator.tongue.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads the body of a chat completion in one pass, keeping only what an answer depends on.
final class ChatReader {

    private final Conversation conversation = new Conversation();
    private String model = "";
    private boolean stream;
    private boolean includeUsage;
    private boolean json;
    private boolean noTools;
    private int maxOutputTokens = Conversation.ANY_LENGTH;

    private ChatReader() {}

    static Ask.Chat read(byte[] body) throws BadAsk {
        ChatReader reader = new ChatReader();
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            reader.body(parser);
        } catch (IOException _) {
            throw Bodies.unreadable();
        }
        if (reader.model.isEmpty()) {
            throw Missing.of("model");
        }
        if (reader.conversation.isEmpty()) {
            throw Missing.of("messages");
        }
        if (reader.noTools) {
            reader.conversation.forbidTools();
        }
        return reader.conversation.ask(
                reader.model, reader.stream, reader.includeUsage, reader.maxOutputTokens, reader.json);
    }

    private void body(JsonParser parser) throws IOException, BadAsk {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw Bodies.unreadable();
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "model" -> model = parser.getValueAsString("");
                case "messages" -> messages(parser);
                case "stream" -> stream = token == JsonToken.VALUE_TRUE;
                case "stream_options" -> includeUsage = "true".equals(member(parser, "include_usage"));
                case "response_format" -> {
                    String type = member(parser, "type");
                    json = type != null && type.startsWith("json");
                }
                case "tools" -> tools(parser.readValueAsTree());
                case "tool_choice" -> {
                    noTools = "none".equals(parser.getValueAsString());
                    parser.skipChildren();
                }
                case "max_tokens", "max_completion_tokens" -> {
                    if (token == JsonToken.VALUE_NUMBER_INT) {
                        maxOutputTokens = Math.min(maxOutputTokens, Math.max(1, parser.getValueAsInt()));
                    }
                }
                default -> parser.skipChildren();
            }
        }
    }

    private void tools(JsonNode tools) {
        for (JsonNode tool : tools) {
            conversation.declare(tool.path("function").path("name").asText(""));
        }
    }

    private void messages(JsonParser parser) throws IOException, BadAsk {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new BadAsk("Invalid type for 'messages': expected an array of objects.", "messages", "invalid_type");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new BadAsk("Invalid type for 'messages': expected an object.", "messages", "invalid_type");
            }
            message(parser);
        }
    }

    private void message(JsonParser parser) throws IOException {
        String role = "";
        String content = "";
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "role" -> role = parser.getValueAsString("");
                case "content" -> content = content(parser);
                default -> parser.skipChildren();
            }
        }
        switch (role) {
            case "user" -> conversation.user(content);
            case "tool" -> conversation.tool(content);
            default -> conversation.said(role, content);
        }
    }

    private static String content(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            String text = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
            parser.skipChildren();
            return text;
        }
        StringBuilder parts = new StringBuilder();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String text = member(parser, "text");
            parts.append(text == null ? "" : text);
        }
        return parts.toString();
    }

    /// The value of one member of the object that begins here, as text; leaves the parser at the object's end.
    private static @Nullable String member(JsonParser parser, String wanted) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        String found = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean hit = wanted.equals(parser.currentName());
            JsonToken token = parser.nextToken();
            if (hit && token.isScalarValue()) {
                found = parser.getText();
            }
            parser.skipChildren();
        }
        return found;
    }
}
