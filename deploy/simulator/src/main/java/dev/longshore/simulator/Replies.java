package dev.longshore.simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/// Answers that are no calls: control, lists of models, and requests that lead nowhere.
final class Replies {

    private Replies() {}

    static void json(HttpServerRequest request, int status, Buffer body) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body);
    }

    static void error(HttpServerRequest request, int status, String message) {
        json(request, status, ErrorJson.write(message, "invalid_request_error", null, null));
    }

    static void methodNotAllowed(HttpServerRequest request, String allowed) {
        request.response().putHeader("allow", allowed);
        error(request, 405, "Not allowed to " + request.method() + " " + request.path() + ".");
    }

    static void unknown(HttpServerRequest request) {
        error(request, 404, "Unknown request URL: " + request.method() + " " + request.path() + ".");
    }
}
