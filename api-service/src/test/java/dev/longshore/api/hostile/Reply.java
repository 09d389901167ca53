package dev.longshore.api.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// An answer as it stood on the wire.
///
/// @param headers by their names in small letters
record Reply(int status, Map<String, List<String>> headers, byte[] body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    String header(String name) {
        List<String> values = headers.get(name);
        return values == null ? null : values.getFirst();
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + status + " " + text(), e);
        }
    }

    /// The code of a refusal in capitals, however its route spells it; empty when it has none.
    String code() {
        try {
            return JSON.readTree(body).at("/error/code").asText().toUpperCase(Locale.ROOT);
        } catch (IOException _) {
            return "";
        }
    }

    @Override
    public String toString() {
        String text = text();
        return status + " " + (text.length() <= 300 ? text : text.substring(0, 300) + "...");
    }
}
