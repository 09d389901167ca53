package dev.longshore.worker.provider.prediction;

import dev.longshore.job.JobId;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.provider.TokenSink;
import dev.longshore.worker.slots.StopSign;
import java.time.Duration;

/// One call for a prediction: what is wanted, and how long.
///
/// @param listener hears how far it is
/// @param endNanos when patience ends, on the monotonic clock
record Errand(Ask ask, JobId job, Timeouts timeouts, StopSign stop, TokenSink listener, long endNanos) {
    static Errand of(Ask ask, Timeouts timeouts, StopSign stop, TokenSink listener) {
        JobId job = JobId.parse(ask.jobId()).orElseThrow();
        return new Errand(
                ask,
                job,
                timeouts,
                stop,
                listener,
                System.nanoTime() + timeouts.attempt().toNanos());
    }

    int claim() {
        return ask.claim();
    }

    /// Time that is left; never negative.
    Duration left() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }
}
