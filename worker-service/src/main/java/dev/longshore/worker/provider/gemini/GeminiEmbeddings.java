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
import java.util.Map;

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
        for (Map.Entry<String, JsonNode> field : input.properties()) {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                continue;
            }
            switch (field.getKey()) {
                case "model", "input" -> {
                    // Said already.
                }
                case "dimensions" -> requests.forEach(one -> ((ObjectNode) one).set("outputDimensionality", value));
                case "encoding_format" -> {
                    if (!"float".equals(value.textValue())) {
                        throw new Inexpressible("/encoding_format", "Google's API answers in 'float'.");
                    }
                }
                case "user" -> throw new Inexpressible("/user", "Google's API has nothing like it.");
                // One of Google's own, such as `taskType`, which belongs to each text.
                default -> requests.forEach(one -> ((ObjectNode) one).set(field.getKey(), value));
            }
        }
        return request;
    }

    private static void add(ArrayNode requests, String model, JsonNode text, String at) throws Inexpressible {
        if (!text.isTextual()) {
            throw new Inexpressible(at, "Google's API takes text, not tokens.");
        }
        ObjectNode one = requests.addObject().put("model", model);
        one.putObject("content").putArray("parts").addObject().set("text", text);
    }

    /// @param counted our own count of the tokens of the input
    static AttemptOutcome read(Ask ask, Received received, int counted) {
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
        list.putObject("usage").put("prompt_tokens", counted).put("total_tokens", counted);
        return received.answered(list.toString(), new Usage(counted, 0, 0), NODES.textNode(ask.model()));
    }
}
