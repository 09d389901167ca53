package dev.longshore.simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/// Gathers the body of a request, up to a limit.
final class BodyReader {

    /// The longest request body that is read, in bytes.
    static final int LONGEST_BODY = 64 << 20;

    private final HttpServerRequest request;
    private Buffer body = Buffer.buffer();
    private boolean tooLong;

    private BodyReader(HttpServerRequest request) {
        this.request = request;
    }

    /// Hands over the body once it is complete; answers 413 itself if it gets too long. A client that leaves halfway is
    /// nobody.
    static void read(HttpServerRequest request, Consumer<byte[]> then) {
        BodyReader reader = new BodyReader(request);
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
            Replies.error(request, 413, "The request body is longer than " + LONGEST_BODY + " bytes.");
            return;
        }
        body = body.length() == 0 ? part : body.appendBuffer(part);
    }
}
