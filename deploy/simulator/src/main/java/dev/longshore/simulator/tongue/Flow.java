package dev.longshore.simulator.tongue;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/// A streamed answer.
///
/// @param pieces all of it but the end
/// @param end what tells the reader that the answer is whole
public record Flow(List<Buffer> pieces, Buffer end) {

    /// All of it but the end, in one.
    public Buffer body() {
        Buffer all = Buffer.buffer();
        pieces.forEach(all::appendBuffer);
        return all;
    }
}
