package dev.longshore.simulator.tongue.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import dev.longshore.simulator.tongue.Bodies;
import dev.longshore.simulator.tongue.Conversation;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Tongue;
import dev.longshore.simulator.tongue.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;

/// `embedContent` and `batchEmbedContents`. Nobody is told how many tokens they took.
record GeminiEmbeddings(House house, String model, boolean batch) implements Tongue<Vectors> {

    @Override
    public String route() {
        return "embeddings";
    }

    @Override
    public Ask<Vectors> read(HttpServerRequest request, byte[] body) throws BadAsk {
        JsonNode asked = Bodies.object(body);
        List<String> inputs = new ArrayList<>();
        for (JsonNode one :
                batch ? asked.path("requests") : Json.MAPPER.createArrayNode().add(asked)) {
            inputs.add(Bodies.text(one.path("content").path("parts")));
        }
        if (inputs.isEmpty() || inputs.contains("")) {
            throw new BadAsk("* EmbedContentRequest.content: content is not specified");
        }
        JsonNode first = batch ? asked.path("requests").get(0) : asked;
        int dimensions = first.path("outputDimensionality").asInt(0);
        if (dimensions < 0 || dimensions > Vectors.MOST_DIMENSIONS) {
            throw new BadAsk("* EmbedContentRequest.output_dimensionality: it is out of range");
        }
        return Conversation.embedding(model, inputs, false, dimensions);
    }

    @Override
    public Buffer whole(Vectors answer, Stamp stamp) {
        ObjectNode json = Json.object();
        if (batch) {
            ArrayNode embeddings = json.putArray("embeddings");
            answer.vectors().forEach(vector -> embeddings.add(values(vector)));
        } else if (!answer.vectors().isEmpty()) {
            json.set("embedding", values(answer.vectors().getFirst()));
        }
        return Json.write(json);
    }

    private static ObjectNode values(float[] vector) {
        ObjectNode embedding = Json.object();
        ArrayNode values = embedding.putArray("values");
        for (float number : vector) {
            values.add(number);
        }
        return embedding;
    }
}
