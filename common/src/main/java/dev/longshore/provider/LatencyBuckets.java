package dev.longshore.provider;

import java.time.Duration;

/// Sorts durations into buckets whose bounds grow by the square root of two, so that counts of many workers can be
/// added up and a percentile told from the sum, 19 % off at the most.
public final class LatencyBuckets {
    /// From 1 ms to about 18 hours.
    public static final int COUNT = 52;

    private static final double GROWTH = Math.sqrt(2);

    private LatencyBuckets() {}

    /// Which bucket a duration belongs to, from 0.
    public static int of(Duration duration) {
        double millis = duration.toNanos() / 1e6;
        return millis <= 1 ? 0 : Math.min(COUNT - 1, (int) Math.ceil(Math.log(millis) / Math.log(GROWTH)));
    }

    /// The longest duration in a bucket.
    public static Duration bound(int bucket) {
        return Duration.ofNanos(Math.round(Math.pow(GROWTH, bucket) * 1e6));
    }

    /// The duration that a share of all stayed below.
    ///
    /// @param counts durations by bucket
    /// @param share above 0, up to 1
    /// @return zero when there were none
    public static Duration percentile(long[] counts, double share) {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        long rank = (long) Math.ceil(all * share);
        long seen = 0;
        for (int bucket = 0; bucket < counts.length && all > 0; bucket++) {
            seen += counts[bucket];
            if (seen >= rank) {
                return middle(bucket);
            }
        }
        return Duration.ZERO;
    }

    /// The geometric middle: no duration of the bucket is further from it than the fourth root of two.
    private static Duration middle(int bucket) {
        return bucket == 0 ? bound(0) : Duration.ofNanos(Math.round(Math.pow(GROWTH, bucket - 0.5) * 1e6));
    }
}
