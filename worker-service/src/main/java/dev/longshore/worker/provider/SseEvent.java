package dev.longshore.worker.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/// One server-sent event.
///
/// @param type the name it was sent under, or nothing
/// @param data its lines, joined
public record SseEvent(String type, String data) {
    /// The data as JSON, from its first character to its last.
    public JsonNode json(ObjectMapper json) throws JsonProcessingException {
        return json.reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(data);
    }
}
