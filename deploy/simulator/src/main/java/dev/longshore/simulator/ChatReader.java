package dev.longshore.simulator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads the body of a chat completion in one pass, keeping only what an answer depends on.
final class ChatReader {

    private String model = "";
    private String userText = "";
    private long hash = Chance.EMPTY;
    private int characters;
    private int messages;
    private boolean stream;
    private boolean includeUsage;
    private boolean json;
    private int maxOutputTokens = Integer.MAX_VALUE;

    private ChatReader() {}

    static Ask.Chat read(byte[] body) throws BadAsk {
        ChatReader reader = new ChatReader();
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            reader.body(parser);
        } catch (IOException _) {
            throw Bodies.unreadable();
        }
        if (reader.model.isEmpty()) {
            throw Bodies.missing("model");
        }
        if (reader.messages == 0) {
            throw Bodies.missing("messages");
        }
        return new Ask.Chat(
                reader.model,
                reader.userText,
                reader.hash,
                reader.characters,
                reader.stream,
                reader.includeUsage,
                reader.maxOutputTokens,
                reader.json);
    }

    private void body(JsonParser parser) throws IOException, BadAsk {
        Bodies.openObject(parser);
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
                case "max_tokens", "max_completion_tokens" -> {
                    if (token == JsonToken.VALUE_NUMBER_INT) {
                        maxOutputTokens = Math.min(maxOutputTokens, Math.max(1, parser.getValueAsInt()));
                    }
                }
                default -> parser.skipChildren();
            }
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
        messages++;
        characters += content.length();
        hash = Chance.hash(Chance.hash(hash, role), content);
        if (role.equals("user")) {
            userText = content;
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
