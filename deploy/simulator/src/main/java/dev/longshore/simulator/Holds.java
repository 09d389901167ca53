package dev.longshore.simulator;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What waits to be released by hand. Safe for use by several threads.
final class Holds {

    private record Held(String model, Executor loop, Runnable step) {}

    private final AtomicLong order = new AtomicLong();
    private final Map<Long, Held> held = new ConcurrentSkipListMap<>();

    /// Keeps a step back until it is released; then it is taken where its call lives.
    ///
    /// @return forgets it
    Runnable hold(String model, Executor loop, Runnable step) {
        long place = order.incrementAndGet();
        held.put(place, new Held(model, loop, step));
        return () -> held.remove(place);
    }

    /// Lets what has been held the longest go on, of one model or of all; answers how much that was.
    int release(@Nullable String model, int most) {
        int released = 0;
        for (Map.Entry<Long, Held> entry : held.entrySet()) {
            Held one = entry.getValue();
            if (released < most && (model == null || model.equals(one.model)) && held.remove(entry.getKey(), one)) {
                released++;
                one.loop.execute(one.step);
            }
        }
        return released;
    }
}
