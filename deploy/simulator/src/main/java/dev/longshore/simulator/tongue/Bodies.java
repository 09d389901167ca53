package dev.longshore.simulator.tongue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/// What all request bodies have in common.
public final class Bodies {

    private Bodies() {}

    /// The body as a JSON object.
    public static ObjectNode object(byte[] body) throws BadAsk {
        try {
            if (Json.MAPPER.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException _) {
            // Told below.
        }
        throw unreadable();
    }

    /// What to say to a body that is no JSON object.
    public static BadAsk unreadable() {
        return new BadAsk(
                "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP"
                        + " library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)");
    }

    /// A limit on the output, or none.
    public static int limit(JsonNode number) {
        return number.canConvertToInt() ? Math.max(1, number.intValue()) : Conversation.ANY_LENGTH;
    }

    /// The texts of a value that is one text, or an array of parts some of which have one.
    public static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        StringBuilder parts = new StringBuilder();
        for (JsonNode part : content) {
            parts.append(part.isTextual() ? part.textValue() : part.path("text").asText(""));
        }
        return parts.toString();
    }
}
