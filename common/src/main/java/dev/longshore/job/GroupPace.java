package dev.longshore.job;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Keeps groups that follow one another from being small: a group costs database and broker about as much as ten
/// jobs in it. Under heavy load the next one begins some milliseconds after the last at the earliest, and takes
/// what has come in meanwhile. Under light load nobody waits.
///
/// For the one thread that makes the groups.
public final class GroupPace {
    /// From the beginning of one group to that of the next. Groups of a few hundred take about as long anyway,
    /// and next to a model's answer it is nothing. With half of it whole lives took a quarter longer.
    private static final Duration APART = Duration.ofMillis(10);

    /// After a group smaller than this the next may begin at once: the load is light.
    private static final int FEW = 8;

    private final LongSupplier nanos;
    private long earliest;

    /// @param nanos the monotonic time
    public GroupPace(LongSupplier nanos) {
        this.nanos = nanos;
        earliest = nanos.getAsLong();
    }

    /// Returns when the next group may begin.
    public void await() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(earliest - nanos.getAsLong());
    }

    /// A group begins now.
    ///
    /// @param size how many are in it
    public void begin(int size) {
        earliest = nanos.getAsLong() + (size < FEW ? 0 : APART.toNanos());
    }
}
