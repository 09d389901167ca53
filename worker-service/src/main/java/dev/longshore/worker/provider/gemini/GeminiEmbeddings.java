package dev.longshore.worker.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.chat.TargetApi;

/// Embeddings: one text or many in one call of `batchEmbedContents`.
final class GeminiEmbeddings {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private GeminiEmbeddings() {}

    /// @param model as the API names it, such as `models/gemini-embedding-001`
    static ObjectNode request(String model, ObjectNode input) throws Inexpressible {
        ObjectNode request = NODES.objectNode();
        ArrayNode requests = request.putArray("requests");
        JsonNode texts = input.path("input");
        if (texts.isArray()) {
            for (int i = 0; i < texts.size(); i++) {
                add(requests, model, texts.get(i), "/input/" + i);
            }
        } else {
            add(requests, model, texts, "/input");
        }
        TargetApi.eachField(input, (name, value) -> {
            switch (name) {
                case "model", "input" -> {
                    // Said already.
                }
                case "dimensions" -> requests.forEach(one -> ((ObjectNode) one).set("outputDimensionality", value));
                case "encoding_format" -> GeminiRequest.API.only(name, value, "\"float\"");
                case "user" -> throw GeminiRequest.API.nothingLike(name);
                // One of Google's own, such as `taskType`, which belongs to each text.
                default -> requests.forEach(one -> ((ObjectNode) one).set(name, value));
            }
        });
        return request;
    }

    private static void add(ArrayNode requests, String model, JsonNode text, String at) throws Inexpressible {
        if (!text.isTextual()) {
            throw new Inexpressible(at, "Google's API takes text, not tokens.");
        }
        ObjectNode one = requests.addObject().put("model", model);
        one.putObject("content").putArray("parts").addObject().set("text", text);
    }

    /// @param counted our own count, since Google tells none
    static AttemptOutcome read(Ask ask, Received received, Usage counted) {
        JsonNode embeddings = received.body().path("embeddings");
        if (!embeddings.isArray() || embeddings.isEmpty()) {
            return received.malformed("The provider's answer has no embeddings.");
        }
        ObjectNode list = NODES.objectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        for (int i = 0; i < embeddings.size(); i++) {
            JsonNode values = embeddings.get(i).path("values");
            if (!values.isArray() || values.isEmpty()) {
                return received.malformed("The provider's answer has an embedding without values.");
            }
            data.addObject().put("object", "embedding").put("index", i).set("embedding", values);
        }
        list.put("model", ask.model());
        list.putObject("usage").put("prompt_tokens", counted.inputTokens()).put("total_tokens", counted.inputTokens());
        return received.answered(list.toString(), counted, NODES.textNode(ask.model()));
    }
}
