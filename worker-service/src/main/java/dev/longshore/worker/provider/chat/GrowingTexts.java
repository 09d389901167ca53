package dev.longshore.worker.provider.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/// Texts of JSON objects that come in pieces. They are gathered apart from their objects, since adding to a text of
/// an object copies it each time.
public final class GrowingTexts {
    private final Map<ObjectNode, Map<String, StringBuilder>> texts = new IdentityHashMap<>();

    public void add(ObjectNode owner, String field, String more) {
        texts.computeIfAbsent(owner, _ -> new HashMap<>())
                .computeIfAbsent(field, _ -> new StringBuilder(owner.path(field).asText("")))
                .append(more);
    }

    /// Puts what has come so far where it belongs.
    public void settle() {
        texts.forEach((owner, fields) -> fields.forEach((field, text) -> owner.put(field, text.toString())));
    }
}
