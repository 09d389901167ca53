package dev.longshore.api.entrance;

import dev.longshore.api.errors.ErrorAnswers;
import dev.longshore.api.request.Request;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one request's body into memory, up to a limit. One reader serves all requests of an instance.
final class BodyReader {
    /// How much of a body that is too large is read and thrown away, so that its sender gets to see the
    /// answer. Whoever sends more is cut off.
    private static final int POLITENESS = 2;

    private static final String JSON = "application/json";

    private final long limit;
    private final ErrorAnswers errors;

    BodyReader(long limit, ErrorAnswers errors) {
        this.limit = limit;
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
        String type = request.getHeader("Content-Type");
        if (!json(type)) {
            refuse(
                    context,
                    Problem.of(
                            ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                            type == null
                                    ? "The body has no Content-Type; it must be application/json."
                                    : "The body must be application/json."),
                    0);
            return;
        }
        if (length > limit) {
            refuse(context, tooLarge(), 0);
            return;
        }
        Buffer body = length > 0 ? Buffer.buffer((int) length) : Buffer.buffer();
        request.handler(piece -> {
            if (body.length() + (long) piece.length() > limit) {
                refuse(context, tooLarge(), body.length());
            } else {
                body.appendBuffer(piece);
            }
        });
        request.endHandler(_ -> {
            Request.body(context, body.getBytes());
            then.run();
        });
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

    private static boolean json(@Nullable String type) {
        if (type == null) {
            return false;
        }
        int end = type.indexOf(';');
        String media = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return media.equals(JSON) && (end < 0 || charsetIsUtf8(type.substring(end)));
    }

    private static boolean charsetIsUtf8(String parameters) {
        String lower = parameters.toLowerCase(Locale.ROOT).replace("\"", "").replace(" ", "");
        int charset = lower.indexOf("charset=");
        return charset < 0 || lower.startsWith("utf-8", charset + "charset=".length());
    }
}
