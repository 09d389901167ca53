package dev.longshore.simulator;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Calls that wait to be released by hand. Safe for use by several threads.
final class Holds {

    private record Held(Exchange exchange, String model, Runnable step) {}

    private final AtomicLong order = new AtomicLong();
    private final Map<Long, Held> held = new ConcurrentSkipListMap<>();

    void hold(Exchange exchange, String model, Runnable step) {
        long place = order.incrementAndGet();
        held.put(place, new Held(exchange, model, step));
        exchange.onEnd(() -> held.remove(place));
    }

    /// Lets the longest held calls go on, of one model or of all; answers how many did.
    int release(@Nullable String model, int most) {
        int released = 0;
        for (Map.Entry<Long, Held> entry : held.entrySet()) {
            Held call = entry.getValue();
            if (released < most && (model == null || model.equals(call.model)) && held.remove(entry.getKey(), call)) {
                released++;
                call.exchange.goOn(call.step);
            }
        }
        return released;
    }
}
