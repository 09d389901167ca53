package dev.longshore.simulator;

import java.util.Arrays;

/// How many calls fell into the last window, in slices of a hundredth of it. The slice that is filling counts as
/// whole, so the figure never exceeds what a true rolling window would have seen, and falls short of it by one
/// slice at most. Guarded by the meter that owns it.
final class RollingCount {

    private static final int SLICES = 100;

    private final long sliceMs;
    private final int[] slices = new int[SLICES];
    private long newest = Long.MIN_VALUE;
    private long sum;
    private long maximum;

    RollingCount(long windowMs) {
        this.sliceMs = Math.max(1, windowMs / SLICES);
    }

    void add(long nowMs) {
        long slice = nowMs / sliceMs;
        if (slice > newest) {
            forget(slice);
        }
        // A clock that went backwards counts into the newest slice, so that no call is lost.
        slices[(int) (newest % SLICES)]++;
        sum++;
        maximum = Math.max(maximum, sum);
    }

    long maximum() {
        return maximum;
    }

    private void forget(long slice) {
        if (newest == Long.MIN_VALUE || slice - newest >= SLICES) {
            Arrays.fill(slices, 0);
            sum = 0;
        } else {
            for (long gone = newest + 1; gone <= slice; gone++) {
                int index = (int) (gone % SLICES);
                sum -= slices[index];
                slices[index] = 0;
            }
        }
        newest = slice;
    }
}
