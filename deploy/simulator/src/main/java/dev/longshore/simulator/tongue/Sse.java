package dev.longshore.simulator.tongue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/// Server-sent events, in which all houses write their streams.
public final class Sse {

    private Sse() {}

    /// An event without a name.
    public static Buffer data(Buffer data) {
        return Buffer.buffer(data.length() + 8)
                .appendString("data: ")
                .appendBuffer(data)
                .appendString("\n\n");
    }

    /// An event without a name.
    public static Buffer data(JsonNode data) {
        return data(Json.write(data));
    }

    /// An event with a name.
    public static Buffer named(String name, Buffer data) {
        return Buffer.buffer("event: " + name + "\n").appendBuffer(data(data));
    }

    /// Cuts a text before its spaces, so that pieces are about as long as tokens and join to the same text again.
    public static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int space = text.indexOf(' ', from + 1);
            int to = space < 0 ? text.length() : space;
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }
}
