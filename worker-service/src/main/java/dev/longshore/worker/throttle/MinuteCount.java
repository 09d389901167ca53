package dev.longshore.worker.throttle;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// How much was spent in the last minute, by the second. A second counts until the whole of it is more than a minute
/// ago, so that the sum is never below the truth. Guarded by the gate.
final class MinuteCount {
    /// The second that is running, and the sixty before it.
    private static final int SECONDS = 61;

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long[] spent = new long[SECONDS];
    private long newest = Long.MIN_VALUE;
    private long sum;

    long sum(long nanos) {
        forget(second(nanos));
        return sum;
    }

    void add(long amount, long nanos) {
        forget(second(nanos));
        spent[slot(newest)] += amount;
        sum += amount;
    }

    /// When at least `amount` of what was spent will have been forgotten.
    ///
    /// @return how long from now; a whole minute when there is not as much
    long nanosUntilForgotten(long amount, long nanos) {
        forget(second(nanos));
        long forgotten = 0;
        for (long second = newest - SECONDS + 1; second <= newest; second++) {
            forgotten += Math.max(0, spent[slot(second)]);
            if (forgotten >= amount) {
                return Math.max(0, (second + SECONDS) * SECOND_NANOS - nanos);
            }
        }
        return SECONDS * SECOND_NANOS;
    }

    private void forget(long now) {
        if (newest == Long.MIN_VALUE || now - newest >= SECONDS) {
            Arrays.fill(spent, 0);
            sum = 0;
            newest = now;
        }
        while (newest < now) {
            newest++;
            sum -= spent[slot(newest)];
            spent[slot(newest)] = 0;
        }
    }

    private static long second(long nanos) {
        return Math.floorDiv(nanos, SECOND_NANOS);
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) SECONDS);
    }
}
