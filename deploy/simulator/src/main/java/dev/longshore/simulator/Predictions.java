package dev.longshore.simulator;

import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Trouble;
import dev.longshore.simulator.tongue.replicate.Replicate;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;

/// The life of predictions after they were asked for: they are started and ended in time, looked at, canceled, and
/// told to webhooks.
final class Predictions {

    private final Theatre theatre;
    private final InstantSource clock;
    private final Replicate house = new Replicate();

    Predictions(Theatre theatre, InstantSource clock) {
        this.theatre = theatre;
        this.clock = clock;
    }

    /// Has it start and end so many milliseconds from now; an endless one ends when it is released or canceled.
    void begin(Prediction prediction, long startMs, long endMs, boolean endless) {
        theatre.begun().add(prediction);
        Context loop = Vertx.currentContext();
        after(loop, startMs, () -> {
            if (prediction.start(clock.millis(), Math.max(0, endMs - startMs))) {
                tell("start", prediction);
            }
            if (endless) {
                String model = prediction.promise().ask().model();
                prediction.atEnd(
                        theatre.holds().hold(model, step -> loop.runOnContext(_ -> step.run()), () -> end(prediction)));
            } else {
                after(loop, endMs - startMs, () -> end(prediction));
            }
        });
    }

    private static void after(Context loop, long millis, Runnable step) {
        if (millis <= 0) {
            step.run();
        } else {
            loop.owner().setTimer(millis, _ -> step.run());
        }
    }

    private void end(Prediction prediction) {
        if (prediction.end(clock.millis())) {
            tell("completed", prediction);
        }
    }

    private void tell(String event, Prediction prediction) {
        String address = prediction.promise().ask().webhook();
        if (address == null || !prediction.promise().ask().events().contains(event)) {
            return;
        }
        theatre.webhooks().tell(address, Json.write(prediction.json(clock.millis())));
    }

    /// Serves what lies below the address of predictions; says whether the path does.
    boolean handle(HttpServerRequest request, String path) {
        if (!path.startsWith(Replicate.PREDICTIONS + "/")) {
            return false;
        }
        String rest = path.substring(Replicate.PREDICTIONS.length() + 1);
        boolean cancels = rest.endsWith("/cancel");
        String id = cancels ? rest.substring(0, rest.length() - "/cancel".length()) : rest;
        HttpMethod method = cancels ? HttpMethod.POST : HttpMethod.GET;
        String key = house.key(request);
        Prediction prediction = theatre.begun().find(id);
        if (request.method() != method) {
            Replies.methodNotAllowed(request, house, method.name());
        } else if (!theatre.stage().accepts(key)) {
            refuse(request, new Trouble.NoKey());
        } else if (prediction == null) {
            refuse(request, new Trouble.Status(404, null, null));
        } else {
            if (cancels && prediction.cancel(clock.millis())) {
                tell("completed", prediction);
            }
            show(request, prediction);
        }
        return true;
    }

    private void refuse(HttpServerRequest request, Trouble trouble) {
        Replies.refuse(request, house, trouble);
    }

    private void show(HttpServerRequest request, Prediction prediction) {
        Replies.json(request, 200, Json.write(prediction.json(clock.millis())));
    }
}
