package dev.longshore.simulator;

import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Trouble;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/// Gathers the body of a request, up to a limit.
final class BodyReader {

    /// The longest request body that is read, in bytes.
    static final int LONGEST_BODY = 64 << 20;

    private final HttpServerRequest request;
    private final House house;
    private Buffer body = Buffer.buffer();
    private boolean tooLong;

    private BodyReader(HttpServerRequest request, House house) {
        this.request = request;
        this.house = house;
    }

    /// Hands over the body once it is complete; answers 413 itself if it gets too long. A client that leaves halfway is
    /// nobody.
    static void read(HttpServerRequest request, House house, Consumer<byte[]> then) {
        BodyReader reader = new BodyReader(request, house);
        request.exceptionHandler(_ -> {});
        request.handler(reader::add);
        request.endHandler(_ -> {
            if (!reader.tooLong) {
                then.accept(reader.body.getBytes());
            }
        });
    }

    private void add(Buffer part) {
        if (tooLong) {
            return;
        }
        if (body.length() + part.length() > LONGEST_BODY) {
            tooLong = true;
            body = Buffer.buffer();
            String message = "The request body is longer than " + LONGEST_BODY + " bytes.";
            Replies.refuse(request, house, new Trouble.Status(413, message, null));
            return;
        }
        body = body.length() == 0 ? part : body.appendBuffer(part);
    }
}
