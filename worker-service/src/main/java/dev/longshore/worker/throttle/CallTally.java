package dev.longshore.worker.throttle;

import dev.longshore.provider.LatencyBuckets;
import java.time.Duration;
import java.util.Arrays;

/// Counts calls over a sliding window, by slices of it. Guarded by its owner.
final class CallTally {
    private static final int SLICES = 12;

    private final long sliceNanos;
    private final Slice[] slices = new Slice[SLICES];
    private long newest = Long.MIN_VALUE;

    CallTally(Duration window) {
        sliceNanos = Math.max(1, window.toNanos() / SLICES);
        Arrays.setAll(slices, _ -> new Slice());
    }

    private static final class Slice {
        long calls;
        long failures;
        long slow;
        long throttled;
        final long[] latencies = new long[LatencyBuckets.COUNT];

        void clear() {
            calls = 0;
            failures = 0;
            slow = 0;
            throttled = 0;
            Arrays.fill(latencies, 0);
        }
    }

    /// What the window holds.
    ///
    /// @param failures calls that failed
    /// @param slow calls that went well, but took too long
    /// @param throttled calls that the provider would not take
    record Sum(long calls, long failures, long slow, long throttled) {
        double badShare() {
            return calls == 0 ? 0 : (double) (failures + slow) / calls;
        }
    }

    void count(CallHealth health, Duration took, long nanos) {
        Slice slice = now(nanos);
        slice.calls++;
        switch (health) {
            case GOOD -> {}
            case SLOW -> slice.slow++;
            case FAILED -> slice.failures++;
            case THROTTLED -> slice.throttled++;
        }
        slice.latencies[LatencyBuckets.of(took)]++;
    }

    Sum sum(long nanos) {
        now(nanos);
        long calls = 0;
        long failures = 0;
        long slow = 0;
        long throttled = 0;
        for (Slice slice : slices) {
            calls += slice.calls;
            failures += slice.failures;
            slow += slice.slow;
            throttled += slice.throttled;
        }
        return new Sum(calls, failures, slow, throttled);
    }

    /// The calls of the window by [LatencyBuckets]; apart, since it is asked for seldom.
    long[] latencies(long nanos) {
        now(nanos);
        long[] latencies = new long[LatencyBuckets.COUNT];
        for (Slice slice : slices) {
            for (int i = 0; i < latencies.length; i++) {
                latencies[i] += slice.latencies[i];
            }
        }
        return latencies;
    }

    void clear() {
        for (Slice slice : slices) {
            slice.clear();
        }
    }

    private Slice now(long nanos) {
        long number = Math.floorDiv(nanos, sliceNanos);
        if (newest == Long.MIN_VALUE || number - newest >= SLICES) {
            clear();
            newest = number;
        }
        while (newest < number) {
            newest++;
            slices[slot(newest)].clear();
        }
        return slices[slot(newest)];
    }

    private static int slot(long number) {
        return (int) Math.floorMod(number, (long) SLICES);
    }
}
