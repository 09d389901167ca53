package dev.longshore.worker.delivery;

import java.time.Duration;

/// How a receiver that fails is treated: pure arithmetic on what is remembered of it.
///
/// @param failures in a row, of any of its notices
/// @param failing how long ago the first of them was
record ReceiverHealth(int failures, Duration failing) {
    /// Calls to one receiver under way at once, over all workers.
    static final int MOST_AT_ONCE = 32;

    /// After the first failure it may be in trouble, and too many calls may be the trouble.
    private static final int AT_ONCE_IN_DOUBT = 4;

    /// As many in a row, and it is taken for dead: one call at a time, with rests between them.
    static final int DEAD = 5;

    private static final Duration SHORTEST_REST = Duration.ofSeconds(5);
    private static final Duration LONGEST_REST = Duration.ofMinutes(5);

    /// An endpoint that has only failed for so long is switched off.
    static final Duration HOPELESS = Duration.ofDays(5);

    /// How many calls to it may be under way at once.
    static int atOnce(int failures) {
        if (failures == 0) {
            return MOST_AT_ONCE;
        }
        return failures < DEAD ? AT_ONCE_IN_DOUBT : 1;
    }

    /// How long it is left alone after this failure: half as long as it has been failing, so that what comes back soon
    /// is noticed soon. All its notices wait as they are, without a try being counted.
    Duration rest() {
        if (failures < DEAD) {
            return Duration.ZERO;
        }
        Duration half = failing.dividedBy(2);
        if (half.compareTo(SHORTEST_REST) < 0) {
            return SHORTEST_REST;
        }
        return half.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : half;
    }

    /// Whether there is no hope left. A single notice that failed long ago is not enough to say so.
    boolean isHopeless() {
        return failures >= DEAD && failing.compareTo(HOPELESS) >= 0;
    }
}
