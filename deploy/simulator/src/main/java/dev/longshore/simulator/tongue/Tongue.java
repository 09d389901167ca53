package dev.longshore.simulator.tongue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;

/// One thing that can be asked of a house, and the words for it: how the ask is read, and how the answer is written,
/// whole or as a stream that has an end.
public interface Tongue<R extends Answer> {

    /// Whose tongue it is. Errors, keys and headers are the same for all tongues of a house.
    House house();

    /// The name of such calls in the log.
    String route();

    /// Reads what is asked.
    Ask<R> read(HttpServerRequest request, byte[] body) throws BadAsk;

    /// The HTTP status of an answer.
    default int status() {
        return 200;
    }

    /// The whole answer.
    Buffer whole(R answer, Stamp stamp);

    /// The answer as a stream. Where there are none, nothing but its end.
    default Flow flow(R answer, Stamp stamp) {
        return new Flow(List.of(), whole(answer, stamp));
    }

    /// How an answer may finish of which others can only say that they refuse.
    default Set<Finish> tells() {
        return Set.of();
    }

    /// An error in the middle of a stream.
    default Buffer interruption(Trouble trouble, Complaint complaint, Stamp stamp) {
        return Sse.data(house().write(trouble, complaint, stamp));
    }
}
