package dev.longshore.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/// One submitted job as it was last seen.
///
/// @param json the job as the API showed it
record DemoJob(JsonNode json) {
    private static final Set<String> OVER = Set.of("complete", "failed", "cancelled");

    String id() {
        return json.path("job_id").asText();
    }

    String status() {
        return json.path("status").asText();
    }

    String lane() {
        return json.path("lane").asText();
    }

    String label(String key) {
        return json.path("labels").path(key).asText();
    }

    boolean isOver() {
        return OVER.contains(status());
    }

    boolean isComplete() {
        return "complete".equals(status());
    }

    /// What the provider said, on one line; for an embedding, how many vectors of which length.
    String answer() {
        JsonNode result = json.path("result");
        String text = result.at("/choices/0/message/content").asText("");
        if (!text.isEmpty()) return text.replaceAll("\\s+", " ").strip();
        int vectors = result.path("data").size();
        return vectors == 0
                ? ""
                : vectors + " vectors of " + result.at("/data/0/embedding").size() + " numbers";
    }

    /// Why it failed, as far as it did.
    String failure() {
        JsonNode error = json.path("error");
        return error.path("code").asText() + ": " + error.path("message").asText();
    }
}
