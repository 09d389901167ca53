package dev.longshore.simulator;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// What a provider serves: completions, embeddings, models. Turns a request into a call and hands it to its player.
final class ProviderRoutes {

    private static final CharSequence JOB_ID = HttpHeaders.createOptimized("x-longshore-job-id");
    private static final CharSequence ATTEMPT = HttpHeaders.createOptimized("x-longshore-attempt");
    private static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("idempotency-key");

    private final Theatre theatre;
    private final InstantSource clock;

    ProviderRoutes(Theatre theatre, InstantSource clock) {
        this.theatre = theatre;
        this.clock = clock;
    }

    private interface Reader {
        Ask read(byte[] body) throws BadAsk;
    }

    void handle(HttpServerRequest request, String path) {
        switch (path) {
            case "/v1/chat/completions" -> call(request, "chat", ChatReader::read);
            case "/v1/embeddings" -> call(request, "embeddings", EmbeddingReader::read);
            default -> models(request, path);
        }
    }

    private void models(HttpServerRequest request, String path) {
        boolean list = path.equals("/v1/models");
        if (!list && !path.startsWith("/v1/models/")) {
            Replies.unknown(request);
        } else if (request.method() != HttpMethod.GET) {
            Replies.methodNotAllowed(request, "GET");
        } else if (!theatre.stage().accepts(key(request))) {
            Replies.json(request, 401, wrongKey(key(request)));
        } else if (list) {
            ModelList.all(request, theatre.stage());
        } else {
            ModelList.one(request, theatre.stage(), path.substring("/v1/models/".length()));
        }
    }

    private void call(HttpServerRequest request, String route, Reader reader) {
        if (request.method() != HttpMethod.POST) {
            Replies.methodNotAllowed(request, "POST");
            return;
        }
        BodyReader.read(request, body -> arrive(request, route, reader, body));
    }

    private void arrive(HttpServerRequest request, String route, Reader reader, byte[] body) {
        Stage stage = theatre.stage();
        String key = key(request);
        Arrival arrival = arrival(request, key);
        Ask ask;
        try {
            ask = reader.read(body);
        } catch (BadAsk e) {
            exchange(request, arrival, theatre.log().open(arrival, route, "", 0, 0))
                    .answer(400, ErrorJson.bad(e));
            return;
        }
        boolean accepted = stage.accepts(key);
        if (!accepted || !stage.knows(ask.model())) {
            CallEntry entry = theatre.log().open(arrival, route, ask.model(), 0, ask.promptHash());
            exchange(request, arrival, entry)
                    .answer(accepted ? 404 : 401, accepted ? noSuchModel(ask.model()) : wrongKey(key));
            return;
        }
        ModelStage model = stage.model(ask.model());
        long number = model.nextNumber();
        CallEntry entry = theatre.log().open(arrival, route, ask.model(), number, ask.promptHash());
        enter(exchange(request, arrival, entry), ask, model, number, arrival.atMs());
    }

    private void enter(Exchange exchange, Ask ask, ModelStage model, long number, long nowMs) {
        Limiter limiter = model.limiter();
        if (limiter != null) {
            Limiter.Refusal refusal = limiter.admit(ChatAnswer.inputTokens(ask, model.behaviour()), nowMs);
            if (refusal != null) {
                limiter.describe(exchange.headers());
                turnAway(exchange, ask.model(), refusal);
                return;
            }
            exchange.owes(limiter);
        }
        Part part;
        try {
            part = Part.of(ask, model, number, theatre.repeats());
        } catch (BadAsk e) {
            exchange.answer(400, ErrorJson.bad(e));
            return;
        }
        Integer context = part.behaviour().contextTokens();
        int tokens = ChatAnswer.inputTokens(ask, part.behaviour());
        if (context != null && tokens > context) {
            exchange.answer(400, ErrorJson.contextLength(tokens, context));
            return;
        }
        new Player(exchange, ask, model, number, part, theatre.holds()).play();
    }

    private static void turnAway(Exchange exchange, String model, Limiter.Refusal refusal) {
        exchange.headers().set("retry-after", Long.toString(Math.max(1, (refusal.retryMs() + 999) / 1000)));
        exchange.headers().set("retry-after-ms", Long.toString(refusal.retryMs()));
        String message = "Rate limit reached for " + model + " on " + refusal.what() + ". Please try again in "
                + Limiter.duration(refusal.retryMs()) + ".";
        exchange.answer(429, ErrorJson.write(message, "requests", null, "rate_limit_exceeded"));
    }

    private Exchange exchange(HttpServerRequest request, Arrival arrival, CallEntry entry) {
        Context context = Vertx.currentContext();
        return new Exchange(context, request, theatre.log(), entry, clock, theatre.nanoTime(), arrival.atMs());
    }

    private Arrival arrival(HttpServerRequest request, @Nullable String key) {
        return new Arrival(
                clock.millis(),
                key == null ? null : Keys.tail(key),
                Arrival.cut(request.getHeader(JOB_ID)),
                Arrival.cut(request.getHeader(ATTEMPT)),
                Arrival.cut(request.getHeader(IDEMPOTENCY_KEY)),
                Arrival.cut(request.getHeader(HttpHeaders.USER_AGENT)));
    }

    private static @Nullable String key(HttpServerRequest request) {
        return Keys.of(request.getHeader(HttpHeaders.AUTHORIZATION));
    }

    private static Buffer wrongKey(@Nullable String key) {
        return key == null
                ? ErrorJson.write("You didn't provide an API key.", "invalid_request_error", null, null)
                : ErrorJson.write(
                        "Incorrect API key provided: " + Keys.mask(key) + ".",
                        "invalid_request_error",
                        null,
                        "invalid_api_key");
    }

    private static Buffer noSuchModel(String model) {
        return ErrorJson.write(
                "The model `" + model + "` does not exist or you do not have access to it.",
                "invalid_request_error",
                null,
                "model_not_found");
    }
}
