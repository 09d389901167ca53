package dev.longshore.api.entrance;

import dev.longshore.api.errors.ErrorAnswers;
import dev.longshore.api.request.Request;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Reads one request's body into memory, up to a limit. One reader serves all requests of an instance.
final class BodyReader {
    /// How much of a body that is too large is read and thrown away, so that its sender gets to see the
    /// answer. Whoever sends more is cut off.
    private static final int POLITENESS = 2;

    /// Room that is made for a body before it comes, in bytes.
    private static final long MOST_AHEAD = 64L * 1024;

    private static final String JSON = "application/json";
    private static final String CHARSET = "charset=";
    private static final List<String> USUAL = List.of(JSON);

    /// Bodies up to here are bounded by the number of jobs that may wait; memory is filled by the larger
    /// ones.
    private static final long SMALL = 64L * 1024;

    /// One part in so many of the heap is for large bodies. In memory a body is there up to six times
    /// over: as it came, as a tree, and as the text that is kept.
    private static final int PART_OF_HEAP = 8;

    private static final Duration LARGE_RETRY = Duration.ofSeconds(1);

    private final long mostInHand;
    private final AtomicLong inHand = new AtomicLong();
    private final long limit;
    private final ErrorAnswers errors;

    BodyReader(long limit, ErrorAnswers errors) {
        this.limit = limit;
        mostInHand = Math.max(limit, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
        this.errors = errors;
    }

    /// @param then runs when the body is there; it does not run when the request was refused
    void read(RoutingContext context, Runnable then) {
        HttpServerRequest request = context.request();
        long length = length(request);
        if (length == 0) {
            then.run();
            return;
        }
        List<String> types = request.headers().getAll("Content-Type");
        if (!types.equals(USUAL) && !json(types)) {
            refuse(
                    context,
                    Problem.of(
                            ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                            types.isEmpty()
                                    ? "The body has no Content-Type; it must be application/json."
                                    : "The body must be application/json."),
                    0);
            return;
        }
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            refuse(context, Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "The body must not be compressed."), 0);
            return;
        }
        if (length > limit) {
            refuse(context, tooLarge(), 0);
            return;
        }
        // What is announced is not there yet: memory is for bytes that have come.
        Room room = new Room(context);
        Buffer body = Buffer.buffer((int) Math.min(Math.max(length, 0), MOST_AHEAD));
        request.handler(piece -> {
            if (body.length() + (long) piece.length() > limit) {
                refuse(context, tooLarge(), body.length());
            } else if (!room.takes(body.length() + piece.length())) {
                refuse(context, tooMuch(), body.length());
            } else {
                body.appendBuffer(piece);
            }
        });
        request.endHandler(_ -> {
            Request.body(context, body.getBytes());
            then.run();
        });
    }

    private static Problem tooMuch() {
        return Problem.passing(
                ProblemCode.UNAVAILABLE, "Too many large bodies are coming in; nothing was accepted.", LARGE_RETRY);
    }

    private Problem tooLarge() {
        return new Problem(
                ProblemCode.PAYLOAD_TOO_LARGE,
                "The body is larger than " + limit + " bytes.",
                null,
                Map.of("max_bytes", limit),
                null);
    }

    /// An answer that is sent while the caller is still sending is lost on most clients.
    private void refuse(RoutingContext context, Problem problem, long alreadyRead) {
        HttpServerRequest request = context.request();
        String expect = request.getHeader("Expect");
        if (expect != null && expect.equalsIgnoreCase("100-continue") || request.isEnded()) {
            answerAndClose(context, problem);
            return;
        }
        long[] read = {alreadyRead};
        request.handler(piece -> {
            read[0] += piece.length();
            if (read[0] > POLITENESS * limit) {
                answerAndClose(context, problem);
            }
        });
        request.endHandler(_ -> answerAndClose(context, problem));
    }

    private void answerAndClose(RoutingContext context, Problem problem) {
        if (context.response().ended()) {
            return;
        }
        if (problem.code() == ProblemCode.PAYLOAD_TOO_LARGE) {
            context.response().putHeader("Connection", "close");
            context.addEndHandler(_ -> context.request().connection().close());
        }
        errors.send(context, problem);
    }

    private static long length(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        // The server has refused lengths that are no numbers; without one the body comes in chunks.
        return length == null ? -1 : Long.parseLong(length.strip());
    }

    /// Whether it is JSON in UTF-8, by its one header.
    private static boolean json(List<String> types) {
        if (types.size() != 1) {
            return false;
        }
        String[] parts = types.getFirst().toLowerCase(Locale.ROOT).split(";", -1);
        if (!parts[0].strip().equals(JSON)) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].replace("\"", "").replace(" ", "");
            if (parameter.startsWith(CHARSET) && !parameter.equals(CHARSET + "utf-8")) {
                return false;
            }
        }
        return true;
    }

    /// What one request takes of the room for large bodies, until it is answered.
    private final class Room {
        private final RoutingContext context;
        private long taken;

        Room(RoutingContext context) {
            this.context = context;
        }

        /// Whether the body may grow to this many bytes.
        boolean takes(long size) {
            if (size <= SMALL) {
                return true;
            }
            long more = size - taken;
            if (inHand.addAndGet(more) > mostInHand) {
                inHand.addAndGet(-more);
                return false;
            }
            if (taken == 0) {
                context.addEndHandler(_ -> inHand.addAndGet(-taken));
            }
            taken = size;
            return true;
        }
    }
}
