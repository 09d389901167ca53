package dev.longshore.simulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long an answer takes: always the same (`fixed_ms`), or log-normal through a median and a 99th percentile
/// (`p50_ms`, `p99_ms`), which is how real models behave. Milliseconds; a draw never passes one hour.
public record Latency(
        @Nullable Long fixedMs,
        @Nullable Double p50Ms,
        @Nullable Double p99Ms) {

    static final Latency NONE = new Latency(0L, null, null);
    private static final long LONGEST_MS = Duration.ofHours(1).toMillis();
    /// How many standard deviations the 99th percentile of the normal distribution lies above its median.
    private static final double Z99 = 2.3263478740408408;

    public Latency {
        boolean fixed = fixedMs != null && p50Ms == null && p99Ms == null;
        boolean spread = fixedMs == null && p50Ms != null && p99Ms != null;
        if (!fixed && !spread) {
            throw new IllegalArgumentException("latency needs either fixed_ms, or both p50_ms and p99_ms");
        }
        if (fixedMs != null && fixedMs < 0) {
            throw new IllegalArgumentException("latency fixed_ms must not be negative");
        }
        if (p50Ms != null && p99Ms != null && !(p50Ms > 0 && p99Ms >= p50Ms)) {
            throw new IllegalArgumentException("latency needs 0 < p50_ms <= p99_ms");
        }
    }

    /// Always the same.
    public static Latency fixed(Duration time) {
        return new Latency(time.toMillis(), null, null);
    }

    /// Half of all calls are faster than `p50`, one in a hundred is slower than `p99`.
    public static Latency spread(Duration p50, Duration p99) {
        return new Latency(null, (double) p50.toMillis(), (double) p99.toMillis());
    }

    /// The latency in milliseconds that a uniform draw from [0, 1) stands for.
    long sampleMs(double uniform) {
        if (fixedMs != null) {
            return Math.min(fixedMs, LONGEST_MS);
        }
        double median = p50Ms == null ? 0 : p50Ms;
        double tail = p99Ms == null ? 0 : p99Ms;
        double sigma = Math.log(tail / median) / Z99;
        return Math.min(Math.round(median * Math.exp(sigma * NormalQuantile.of(uniform))), LONGEST_MS);
    }
}
