package dev.longshore.simulator.tongue.openai;

import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Vectors;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/// Writes embeddings as OpenAI does.
final class EmbeddingJson {

    private EmbeddingJson() {}

    static Buffer whole(Vectors answer) {
        int numbers =
                answer.vectors().stream().mapToInt(vector -> vector.length).sum();
        StringBuilder json = new StringBuilder(256 + numbers * 6);
        json.append("{\"object\":\"list\",\"data\":[");
        for (int index = 0; index < answer.vectors().size(); index++) {
            json.append(index == 0 ? "" : ",")
                    .append("{\"object\":\"embedding\",\"index\":")
                    .append(index);
            json.append(",\"embedding\":");
            write(json, answer.vectors().get(index), answer.ask().base64());
            json.append('}');
        }
        json.append("],\"model\":");
        Json.quote(json, answer.model());
        json.append(",\"usage\":{\"prompt_tokens\":").append(answer.inputTokens());
        return Buffer.buffer(json.append(",\"total_tokens\":")
                .append(answer.inputTokens())
                .append("}}")
                .toString());
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
