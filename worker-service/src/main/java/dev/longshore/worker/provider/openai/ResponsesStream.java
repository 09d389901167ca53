package dev.longshore.worker.provider.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.longshore.worker.provider.SseEvent;
import dev.longshore.worker.provider.StreamReader;

/// A streamed response. Its last event carries the whole of it.
final class ResponsesStream implements StreamReader {
    private final ObjectMapper json;
    private JsonNode whole = MissingNode.getInstance();

    ResponsesStream(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public String read(SseEvent event) throws JsonProcessingException {
        JsonNode data = event.json(json);
        switch (data.path("type").asText(event.type())) {
            case "response.output_text.delta" -> {
                return data.path("delta").asText("");
            }
            case "response.completed", "response.incomplete", "response.failed" -> whole = data.path("response");
            // What is wrong stands in the event itself, or in an `error` of it.
            case "error" -> {
                JsonNode error = data.path("error").isObject() ? data.path("error") : data;
                whole = json.createObjectNode().set("error", error);
            }
            default -> {
                // Steps on the way, all of which are in the whole.
            }
        }
        return "";
    }

    @Override
    public JsonNode whole() {
        return whole;
    }
}
