package dev.longshore.bench.stack;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Rung when a process ends that nobody told to. Whoever waits for something looks here meanwhile, so that
/// nobody waits for the dead.
public final class Alarm {
    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

    /// Rings; the first reason stays.
    void ring(String why) {
        reason.compareAndSet(null, why);
    }

    /// @throws BenchFailed when it was rung
    public void check() {
        String why = reason.get();
        if (why != null) {
            throw new BenchFailed(why);
        }
    }

    /// Waits that long, unless it is rung meanwhile.
    ///
    /// @throws BenchFailed when it was rung
    public void sleep(long millis) {
        try {
            long left = millis;
            while (left > 0) {
                check();
                long step = Math.min(left, 100);
                TimeUnit.MILLISECONDS.sleep(step);
                left -= step;
            }
            check();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", e);
        }
    }
}
