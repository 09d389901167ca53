package dev.longshore.simulator;

/// A token bucket that fills within one minute and starts full. Guarded by the limiter that owns it.
final class Bucket {

    private static final double MINUTE_MS = 60_000;

    private final int limit;
    private double level;
    private long filledAtMs;

    Bucket(int limit, long nowMs) {
        this.limit = limit;
        this.level = limit;
        this.filledAtMs = nowMs;
    }

    int limit() {
        return limit;
    }

    /// How long until `amount` can be taken, in milliseconds; 0 if it can be now. More than the bucket holds needs it
    /// full.
    long waitMs(int amount, long nowMs) {
        fill(nowMs);
        double missing = Math.min(amount, limit) - level;
        return missing <= 0 ? 0 : (long) Math.ceil(missing * MINUTE_MS / limit);
    }

    void take(int amount) {
        level = Math.max(0, level - amount);
    }

    int remaining() {
        return (int) level;
    }

    /// How long until the bucket is full again, in milliseconds.
    long resetMs() {
        return (long) Math.ceil((limit - level) * MINUTE_MS / limit);
    }

    private void fill(long nowMs) {
        if (nowMs > filledAtMs) {
            level = Math.min(limit, level + (nowMs - filledAtMs) * limit / MINUTE_MS);
            filledAtMs = nowMs;
        }
    }
}
