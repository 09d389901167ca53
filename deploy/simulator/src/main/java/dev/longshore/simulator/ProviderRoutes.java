package dev.longshore.simulator;

import dev.longshore.simulator.tongue.Answer;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Keys;
import dev.longshore.simulator.tongue.Tongue;
import dev.longshore.simulator.tongue.Trouble;
import dev.longshore.simulator.tongue.anthropic.Anthropic;
import dev.longshore.simulator.tongue.gemini.Gemini;
import dev.longshore.simulator.tongue.plain.Plain;
import dev.longshore.simulator.tongue.replicate.Replicate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a provider serves, in every tongue. Turns a request into a call and hands it to its player.
final class ProviderRoutes {

    private static final CharSequence JOB_ID = HttpHeaders.createOptimized("x-longshore-job-id");
    private static final CharSequence ATTEMPT = HttpHeaders.createOptimized("x-longshore-attempt");
    private static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("idempotency-key");

    private static final List<House> HOUSES =
            List.of(Replies.HOST, new Anthropic(), new Gemini(), new Replicate(), new Plain());

    private final Theatre theatre;
    private final InstantSource clock;
    private final Predictions predictions;

    ProviderRoutes(Theatre theatre, InstantSource clock) {
        this.theatre = theatre;
        this.clock = clock;
        this.predictions = new Predictions(theatre, clock);
    }

    void handle(HttpServerRequest request, String path) {
        for (House house : HOUSES) {
            Tongue<?> tongue = house.at(path);
            if (tongue != null) {
                call(request, tongue);
                return;
            }
        }
        if (!predictions.handle(request, path)) {
            models(request, path);
        }
    }

    private void models(HttpServerRequest request, String path) {
        boolean list = path.equals("/v1/models");
        String key = Replies.HOST.key(request);
        if (!list && !path.startsWith("/v1/models/")) {
            Replies.unknown(request);
        } else if (request.method() != HttpMethod.GET) {
            Replies.methodNotAllowed(request, "GET");
        } else if (!theatre.stage().accepts(key)) {
            Replies.refuse(request, Replies.HOST, wrongKey(key));
        } else if (list) {
            ModelList.all(request, theatre.stage());
        } else {
            ModelList.one(request, theatre.stage(), path.substring("/v1/models/".length()));
        }
    }

    private void call(HttpServerRequest request, Tongue<?> tongue) {
        if (request.method() != HttpMethod.POST) {
            Replies.methodNotAllowed(request, tongue.house(), "POST");
            return;
        }
        BodyReader.read(request, tongue.house(), body -> arrive(request, tongue, body));
    }

    private <R extends Answer> void arrive(HttpServerRequest request, Tongue<R> tongue, byte[] body) {
        Stage stage = theatre.stage();
        House house = tongue.house();
        String key = house.key(request);
        Arrival arrival = arrival(request, key);
        Ask<R> ask;
        try {
            ask = tongue.read(request, body);
        } catch (BadAsk e) {
            exchange(request, house, arrival, theatre.log().open(arrival, tongue.route(), "", 0, 0))
                    .refuse(e.trouble(), null);
            return;
        }
        boolean accepted = stage.accepts(key);
        if (!accepted || !stage.knows(ask.model())) {
            CallEntry entry = theatre.log().open(arrival, tongue.route(), ask.model(), 0, ask.promptHash());
            exchange(request, house, arrival, entry)
                    .refuse(accepted ? new Trouble.UnknownModel(ask.model()) : wrongKey(key), null);
            return;
        }
        ModelStage model = stage.model(ask.model());
        long number = model.nextNumber();
        CallEntry entry = theatre.log().open(arrival, tongue.route(), ask.model(), number, ask.promptHash());
        enter(exchange(request, house, arrival, entry), tongue, ask, model, number);
    }

    private <R extends Answer> void enter(
            Exchange exchange, Tongue<R> tongue, Ask<R> ask, ModelStage model, long number) {
        Limiter limiter = model.limiter();
        if (limiter != null) {
            long nowMs = exchange.stamp().atMs();
            Limiter.Refusal refusal = limiter.admit(Composer.inputTokens(ask, model.behaviour()), nowMs);
            if (refusal != null) {
                exchange.turnAway(ask.model(), limiter, refusal);
                return;
            }
            exchange.owes(limiter);
        }
        Part part;
        try {
            part = Part.of(ask, model, number, theatre.repeats());
        } catch (BadAsk e) {
            exchange.refuse(e.trouble(), null);
            return;
        }
        Integer context = part.behaviour().contextTokens();
        int tokens = Composer.inputTokens(ask, part.behaviour());
        if (context != null && tokens > context) {
            exchange.refuse(new Trouble.ContextLength(tokens, context), null);
            return;
        }
        new Player<>(exchange, tongue, ask, model, number, part, predictions, theatre.holds()).play();
    }

    private Exchange exchange(HttpServerRequest request, House house, Arrival arrival, CallEntry entry) {
        return new Exchange(
                Vertx.currentContext(),
                request,
                house,
                theatre.log(),
                entry,
                clock,
                theatre.nanoTime(),
                arrival.atMs());
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

    private static Trouble wrongKey(@Nullable String key) {
        return key == null ? new Trouble.NoKey() : new Trouble.WrongKey(Keys.mask(key));
    }
}
