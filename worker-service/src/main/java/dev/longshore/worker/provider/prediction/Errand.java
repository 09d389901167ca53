package dev.longshore.worker.provider.prediction;

import dev.longshore.job.JobId;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.slots.StopSign;
import java.time.Duration;

/// One call for a prediction: what is wanted, and how long.
///
/// @param endNanos when patience ends, on the monotonic clock
record Errand(Ask ask, JobId job, Timeouts timeouts, StopSign stop, long endNanos) {
    static Errand of(Ask ask, Timeouts timeouts, StopSign stop) {
        JobId job = JobId.parse(ask.jobId()).orElseThrow();
        return new Errand(
                ask, job, timeouts, stop, System.nanoTime() + timeouts.attempt().toNanos());
    }

    int claim() {
        return ask.claim();
    }

    /// Time that is left; never negative.
    Duration left() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }
}
