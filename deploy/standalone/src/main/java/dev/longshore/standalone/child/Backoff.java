package dev.longshore.standalone.child;

import java.time.Duration;

/// How long to wait before a child that died is started again: at once the first time, then twice as long each
/// time, until it has run well for a while.
///
/// @param first the wait after the second death in a row
/// @param longest the longest wait
/// @param steady a child that ran this long is taken to be well
public record Backoff(Duration first, Duration longest, Duration steady) {
    /// What children of the standalone form get.
    public static final Backoff USUAL =
            new Backoff(Duration.ofMillis(250), Duration.ofSeconds(10), Duration.ofSeconds(30));

    /// The wait before the next start.
    ///
    /// @param deaths how often it died in a row, this time included; at least 1
    Duration before(int deaths) {
        if (deaths <= 1) return Duration.ZERO;
        // Past thirty doublings the longest wait has long been reached.
        Duration wait = first.multipliedBy(1L << Math.min(deaths - 2, 30));
        return wait.compareTo(longest) > 0 ? longest : wait;
    }

    /// Whether a run of this length ends a row of deaths.
    boolean wasWell(Duration run) {
        return run.compareTo(steady) >= 0;
    }
}
