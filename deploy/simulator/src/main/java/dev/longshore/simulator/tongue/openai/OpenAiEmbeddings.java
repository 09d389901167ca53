package dev.longshore.simulator.tongue.openai;

import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Tongue;
import dev.longshore.simulator.tongue.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/// Embeddings.
record OpenAiEmbeddings(House house) implements Tongue<Vectors> {

    @Override
    public String route() {
        return "embeddings";
    }

    @Override
    public Ask<Vectors> read(HttpServerRequest request, byte[] body) throws BadAsk {
        return EmbeddingReader.read(body);
    }

    @Override
    public Buffer whole(Vectors answer, Stamp stamp) {
        return EmbeddingJson.whole(answer);
    }
}
