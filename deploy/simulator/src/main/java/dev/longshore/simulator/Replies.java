package dev.longshore.simulator;

import dev.longshore.simulator.tongue.Complaint;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Trouble;
import dev.longshore.simulator.tongue.openai.OpenAi;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/// Answers that are no calls: control, lists of models, and requests that lead nowhere.
final class Replies {

    /// Who speaks where no other house does.
    static final House HOST = new OpenAi();

    private Replies() {}

    static void json(HttpServerRequest request, int status, Buffer body) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body);
    }

    static void refuse(HttpServerRequest request, House house, Trouble trouble) {
        Complaint complaint = house.complaint(trouble);
        json(request, complaint.status(), house.write(trouble, complaint, Stamp.NONE));
    }

    static void error(HttpServerRequest request, int status, String message) {
        Trouble trouble = new Trouble.Senseless(message, null, null);
        json(request, status, HOST.write(trouble, new Complaint(status, null, message), Stamp.NONE));
    }

    static void methodNotAllowed(HttpServerRequest request, House house, String allowed) {
        request.response().putHeader("allow", allowed);
        String message = "Not allowed to " + request.method() + " " + request.path() + ".";
        refuse(request, house, new Trouble.Status(405, message, null));
    }

    static void methodNotAllowed(HttpServerRequest request, String allowed) {
        methodNotAllowed(request, HOST, allowed);
    }

    static void unknown(HttpServerRequest request) {
        error(request, 404, "Unknown request URL: " + request.method() + " " + request.path() + ".");
    }
}
