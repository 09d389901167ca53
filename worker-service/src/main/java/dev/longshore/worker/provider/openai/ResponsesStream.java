package dev.longshore.worker.provider.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.worker.provider.Heard;
import dev.longshore.worker.provider.SseEvent;
import dev.longshore.worker.provider.StreamReader;

/// A streamed response. Its last event carries the whole of it.
final class ResponsesStream implements StreamReader {
    private final ObjectMapper json;
    private final StringBuilder produced = new StringBuilder();
    private JsonNode whole = MissingNode.getInstance();

    ResponsesStream(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public String read(SseEvent event) throws JsonProcessingException {
        JsonNode data = event.json(json);
        if (data.path("error").isObject()) {
            whole = data;
            return "";
        }
        switch (data.path("type").asText(event.type())) {
            case "response.output_text.delta" -> {
                String said = data.path("delta").asText("");
                produced.append(said);
                return said;
            }
            case "response.refusal.delta",
                    "response.function_call_arguments.delta",
                    "response.reasoning_text.delta",
                    "response.reasoning_summary_text.delta" ->
                produced.append(data.path("delta").asText(""));
            case "response.completed", "response.incomplete", "response.failed" -> whole = data.path("response");
            case "error" -> whole = error(data);
            default -> {
                // Steps on the way, all of which are in the whole.
            }
        }
        return "";
    }

    /// What was used is told with the end only.
    @Override
    public Heard heard() {
        return new Heard(null, produced.toString());
    }

    /// What is wrong stands in the event itself, often without a code. Its type is that of the event: an error that
    /// comes so late is the server's, unless its code says otherwise.
    private JsonNode error(JsonNode data) {
        ObjectNode error = json.createObjectNode();
        error.putObject("error")
                .put("type", "server_error")
                .<ObjectNode>set("code", data.path("code"))
                .set("message", data.path("message"));
        return error;
    }

    @Override
    public JsonNode whole() {
        return whole;
    }
}
