package dev.longshore.view;

import dev.longshore.job.JobStatus;
import dev.longshore.money.Usd;
import dev.longshore.outbox.EventSequence;
import dev.longshore.view.JobView.Failure;
import dev.longshore.view.JobView.Waiting;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A step of a job's life: it took on a status.
///
/// @param number the event's, see [EventSequence]
/// @param attempt attempts charged by then, the one that begins included
/// @param spent on attempts that were over by then
/// @param waiting why and how long, where it waits
/// @param failure why it failed, where it did
/// @param startedAt when its first attempt began, if it had
public record Step(
        long number,
        JobStatus status,
        Instant at,
        int attempt,
        Usd spent,
        @Nullable Waiting waiting,
        @Nullable Failure failure,
        @Nullable Instant startedAt) {

    /// The claim that the step belongs to.
    public int epoch() {
        return EventSequence.epoch(number);
    }
}
