package dev.longshore.outbox;

import dev.longshore.job.Change;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.lane.Lane;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A job has changed its status.
///
/// @param tenant the tenant's name
/// @param epoch of the last claim before it, or of the change if it is a claim
/// @param attempt charged attempts
/// @param reason why it waits, as a `WaitReason`'s word, or why it failed, as an `ErrorCode`'s name; else null
/// @param at on the database's clock
public record JobEvent(
        JobId job,
        String tenant,
        int epoch,
        Lane lane,
        JobStatus status,
        int attempt,
        @Nullable String reason,
        Instant at) {

    /// A change, as it is told.
    ///
    /// @param tenant the name of the change's tenant
    public static JobEvent of(Change change, String tenant) {
        return new JobEvent(
                change.job(),
                tenant,
                change.epoch(),
                change.lane(),
                change.status(),
                change.attempt(),
                change.reason(),
                change.at());
    }

    /// Its place among the job's events.
    public long number() {
        return EventSequence.of(epoch, status);
    }

    /// What happened, as outsiders spell it: `job.complete`.
    public String type() {
        return "job." + status.word();
    }
}
