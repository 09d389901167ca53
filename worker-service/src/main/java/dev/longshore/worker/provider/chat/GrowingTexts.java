package dev.longshore.worker.provider.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/// Texts of JSON objects that come in pieces. They are gathered apart from their objects, since adding to a text of
/// an object copies it each time.
public final class GrowingTexts {
    private final Map<ObjectNode, Map<String, StringBuilder>> texts = new IdentityHashMap<>();

    public void add(ObjectNode owner, String field, String more) {
        texts.computeIfAbsent(owner, _ -> new HashMap<>())
                .computeIfAbsent(field, _ -> new StringBuilder(owner.path(field).asText("")))
                .append(more);
    }

    /// What has come so far of these fields, whosesoever they are.
    public String all(Set<String> fields) {
        StringBuilder all = new StringBuilder();
        texts.values()
                .forEach(owned -> owned.forEach((field, text) -> {
                    if (fields.contains(field)) {
                        all.append(text);
                    }
                }));
        return all.toString();
    }

    /// Puts what has come so far where it belongs.
    public void settle() {
        texts.forEach((owner, fields) -> fields.forEach((field, text) -> owner.put(field, text.toString())));
    }
}
