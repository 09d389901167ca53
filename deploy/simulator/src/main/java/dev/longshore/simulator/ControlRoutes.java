package dev.longshore.simulator;

import dev.longshore.simulator.tongue.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the people behind the scenes use: script, call log, counts, release of held calls.
final class ControlRoutes {

    static final String PREFIX = "/_sim";

    private static final int USUAL_PAGE = 1_000;
    /// The most calls that one reading of the log gives.
    private static final int LARGEST_PAGE = 10_000;

    private final Theatre theatre;

    ControlRoutes(Theatre theatre) {
        this.theatre = theatre;
    }

    void handle(HttpServerRequest request, String path) {
        switch (path) {
            case PREFIX + "/script" -> script(request);
            case PREFIX + "/calls" -> calls(request);
            case PREFIX + "/stats" ->
                get(request, () -> Json.write(theatre.log().stats()));
            case PREFIX + "/health" -> get(request, () -> Buffer.buffer("{\"status\":\"up\"}"));
            case PREFIX + "/release" -> release(request);
            default -> Replies.unknown(request);
        }
    }

    private interface Body {
        Buffer write();
    }

    private static void get(HttpServerRequest request, Body body) {
        if (request.method() == HttpMethod.GET) {
            Replies.json(request, 200, body.write());
        } else {
            Replies.methodNotAllowed(request, "GET");
        }
    }

    private void script(HttpServerRequest request) {
        if (request.method() == HttpMethod.PUT) {
            BodyReader.read(request, Replies.HOST, body -> {
                try {
                    theatre.play(Script.parse(new String(body, StandardCharsets.UTF_8)));
                    Replies.json(request, 200, shown());
                } catch (IllegalArgumentException e) {
                    Replies.error(request, 400, String.valueOf(e.getMessage()));
                }
            });
        } else if (request.method() == HttpMethod.GET) {
            Replies.json(request, 200, shown());
        } else {
            Replies.methodNotAllowed(request, "GET, PUT");
        }
    }

    private Buffer shown() {
        return Json.write(theatre.stage().script().masked());
    }

    private void calls(HttpServerRequest request) {
        if (request.method() == HttpMethod.DELETE) {
            theatre.reset();
            request.response().setStatusCode(204).end();
        } else if (request.method() == HttpMethod.GET) {
            try {
                Replies.json(request, 200, page(request));
            } catch (NumberFormatException _) {
                Replies.error(request, 400, "after and limit must be whole numbers.");
            }
        } else {
            Replies.methodNotAllowed(request, "GET, DELETE");
        }
    }

    private Buffer page(HttpServerRequest request) {
        int limit = Math.clamp(number(request, "limit", USUAL_PAGE), 1, LARGEST_PAGE);
        List<Call> calls = theatre.log().after(number(request, "after", 0), limit + 1, request.getParam("model"));
        boolean more = calls.size() > limit;
        List<Call> shown = more ? calls.subList(0, limit) : calls;
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("data", shown);
        page.put("has_more", more);
        page.put("next", more ? shown.getLast().number() : null);
        return Json.write(page);
    }

    private void release(HttpServerRequest request) {
        if (request.method() != HttpMethod.POST) {
            Replies.methodNotAllowed(request, "POST");
            return;
        }
        try {
            int most = Math.clamp(number(request, "count", Integer.MAX_VALUE), 0, Integer.MAX_VALUE);
            int released = theatre.holds().release(request.getParam("model"), most);
            Replies.json(request, 200, Buffer.buffer("{\"released\":" + released + "}"));
        } catch (NumberFormatException _) {
            Replies.error(request, 400, "count must be a whole number.");
        }
    }

    private static long number(HttpServerRequest request, String name, long usual) {
        String text = request.getParam(name);
        return text == null ? usual : Long.parseLong(text);
    }
}
