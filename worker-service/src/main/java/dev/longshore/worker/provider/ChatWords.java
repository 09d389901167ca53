package dev.longshore.worker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What is said in the messages of a conversation, for APIs that take no more than a text of it.
final class ChatWords {
    private static final Set<String> SYSTEM = Set.of("system", "developer");

    private ChatWords() {}

    static boolean isSystem(JsonNode message) {
        return SYSTEM.contains(message.path("role").asText());
    }

    /// Where in the messages the user speaks last; -1 when there is no such message.
    static int last(JsonNode messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if ("user".equals(messages.get(i).path("role").textValue())) {
                return i;
            }
        }
        return -1;
    }

    /// The text of the user's last message.
    static String prompt(JsonNode input) throws Inexpressible {
        JsonNode messages = input.path("messages");
        int last = last(messages);
        if (last < 0) {
            throw new Inexpressible("/messages", "the provider's request is made of a message of the user.");
        }
        return text(messages.get(last).path("content"), "/messages/" + last + "/content");
    }

    /// The texts of the system messages, with an empty line between them.
    static String system(JsonNode input) throws Inexpressible {
        JsonNode messages = input.path("messages");
        List<String> said = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            if (isSystem(messages.get(i))) {
                said.add(text(messages.get(i).path("content"), "/messages/" + i + "/content"));
            }
        }
        return String.join("\n\n", said);
    }

    private static String text(JsonNode content, String at) throws Inexpressible {
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray()) {
            throw new Inexpressible(at, "the provider's request is made of its text.");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < content.size(); i++) {
            JsonNode part = content.get(i);
            if (!"text".equals(part.path("type").textValue())
                    || !part.path("text").isTextual()) {
                throw new Inexpressible(at + "/" + i, "the provider takes text only.");
            }
            text.append(part.path("text").textValue());
        }
        return text.toString();
    }
}
