package dev.longshore.worker.provider.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.worker.provider.Heard;
import dev.longshore.worker.provider.SseEvent;
import dev.longshore.worker.provider.StreamReader;
import java.util.SortedMap;
import java.util.TreeMap;

/// Puts the answers of `streamGenerateContent` together, each of which is a part of the whole in the shape of the
/// whole. The API marks no end: what counts is that each candidate has a reason to have finished.
final class GeminiStream implements StreamReader {
    private final ObjectMapper json;
    private final ObjectNode answer;
    private final SortedMap<Integer, ObjectNode> candidates = new TreeMap<>();
    private JsonNode error = MissingNode.getInstance();

    GeminiStream(ObjectMapper json) {
        this.json = json;
        answer = json.createObjectNode();
    }

    @Override
    public String read(SseEvent event) throws JsonProcessingException {
        JsonNode part = event.json(json);
        if (part.path("error").isObject()) {
            error = part;
            return "";
        }
        part.properties().forEach(field -> {
            if (!field.getKey().equals("candidates")) {
                answer.set(field.getKey(), field.getValue());
            }
        });
        StringBuilder said = new StringBuilder();
        for (JsonNode candidate : part.path("candidates")) {
            int index = candidate.path("index").asInt();
            add(candidates.computeIfAbsent(index, _ -> json.createObjectNode()), candidate);
            if (index == 0) {
                candidate.path("content").path("parts").forEach(piece -> said.append(said(piece)));
            }
        }
        return said.toString();
    }

    /// Tokens may be counted after the last candidate has finished, so nothing but an error is surely the last.
    @Override
    public boolean isOver() {
        return !error.isMissingNode();
    }

    @Override
    public JsonNode whole() {
        if (isOver()) {
            return error;
        }
        boolean finished = candidates.isEmpty()
                ? answer.path("promptFeedback").hasNonNull("blockReason")
                : candidates.values().stream().allMatch(candidate -> candidate.hasNonNull("finishReason"));
        if (!finished) {
            return MissingNode.getInstance();
        }
        ObjectNode whole = answer.deepCopy();
        candidates.values().forEach(whole.withArray("/candidates")::add);
        return whole;
    }

    /// What was used by then is told with each part.
    @Override
    public Heard heard() {
        StringBuilder produced = new StringBuilder();
        for (ObjectNode candidate : candidates.values()) {
            for (JsonNode part : candidate.path("content").path("parts")) {
                produced.append(part.path("text").asText(""));
                if (part.has("functionCall")) {
                    produced.append(part.path("functionCall"));
                }
            }
        }
        JsonNode told = answer.path("usageMetadata");
        return new Heard(told.has("promptTokenCount") ? GeminiAnswers.usage(told) : null, produced.toString());
    }

    private static void add(ObjectNode candidate, JsonNode more) {
        more.properties().forEach(field -> {
            if (!field.getKey().equals("content")) {
                candidate.set(field.getKey(), field.getValue());
            }
        });
        JsonNode parts = more.path("content").path("parts");
        if (!parts.isEmpty()) {
            ArrayNode all = candidate.withObject("/content").withArray("/parts");
            parts.forEach(all::add);
        }
    }

    private static String said(JsonNode part) {
        return part.path("thought").asBoolean() ? "" : part.path("text").asText("");
    }
}
