package dev.longshore.simulator;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Locale;

/// Writes embeddings as OpenAI does. Texts that share words get vectors that point in similar directions.
final class EmbeddingJson {

    /// The length of a vector for which neither caller nor script asks for another.
    private static final int USUAL_DIMENSIONS = 256;

    /// How many numbers of the vector a word moves.
    private static final int SPREAD = 8;

    private EmbeddingJson() {}

    static Buffer whole(Ask.Embedding ask, Part part) {
        Behaviour behaviour = part.behaviour();
        int dimensions = ask.dimensions() > 0
                ? ask.dimensions()
                : behaviour.dimensions() == null ? USUAL_DIMENSIONS : behaviour.dimensions();
        boolean empty = part.fault() != null && part.fault().kind() == FaultKind.EMPTY_CHOICES;
        StringBuilder json = new StringBuilder(256 + ask.inputs().size() * dimensions * 6);
        json.append("{\"object\":\"list\",\"data\":[");
        for (int index = 0; index < ask.inputs().size() && !empty; index++) {
            json.append(index == 0 ? "" : ",")
                    .append("{\"object\":\"embedding\",\"index\":")
                    .append(index);
            json.append(",\"embedding\":");
            write(json, vector(Directives.strip(ask.inputs().get(index)), dimensions), ask.base64());
            json.append('}');
        }
        json.append("],\"model\":");
        Json.quote(json, behaviour.version() == null ? ask.model() : behaviour.version());
        int tokens = ChatAnswer.inputTokens(ask, behaviour);
        json.append(",\"usage\":{\"prompt_tokens\":").append(tokens);
        return Buffer.buffer(
                json.append(",\"total_tokens\":").append(tokens).append("}}").toString());
    }

    /// A vector of length 1 whose direction depends on the words of the text.
    static float[] vector(String text, int dimensions) {
        float[] vector = new float[dimensions];
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
            long hash = Chance.hash(Chance.EMPTY, word);
            for (int i = 0; i < SPREAD; i++) {
                long draw = Chance.mix(hash + i);
                vector[(int) ((draw >>> 1) % dimensions)] += (draw & 1) == 0 ? 1 : -1;
            }
        }
        double square = 0;
        for (float number : vector) {
            square += number * number;
        }
        if (square == 0) {
            vector[0] = 1;
            return vector;
        }
        float scale = (float) (1 / Math.sqrt(square));
        for (int i = 0; i < dimensions; i++) {
            vector[i] *= scale;
        }
        return vector;
    }

    private static void write(StringBuilder json, float[] vector, boolean base64) {
        if (base64) {
            ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            json.append('"')
                    .append(Base64.getEncoder().encodeToString(bytes.array()))
                    .append('"');
            return;
        }
        json.append('[');
        for (int i = 0; i < vector.length; i++) {
            json.append(i == 0 ? "" : ",");
            if (vector[i] == 0) {
                json.append('0');
            } else {
                json.append(vector[i]);
            }
        }
        json.append(']');
    }
}
