package dev.longshore.road;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.outbox.EventSequence;
import org.jspecify.annotations.Nullable;

/// Something that the [EventTopic] tells of a job.
public sealed interface JobNews {
    JobId job();

    /// Its place among the job's events, see [EventSequence].
    long number();

    /// The job has taken on a status.
    record Changed(JobId job, long number, JobStatus status) implements JobNews {}

    /// Something that the running call of a claim lets the world know.
    sealed interface Said extends JobNews {
        /// Of the claim.
        default int epoch() {
            return EventSequence.epoch(number());
        }

        /// Which piece it is; the first is 1, and none is left out.
        default int count() {
            return EventSequence.count(number());
        }
    }

    /// A piece of what a model says.
    record Token(JobId job, long number, String text) implements Said {}

    /// How far a job is.
    ///
    /// @param progress from 0 to 1
    /// @param message for people
    record Progress(
            JobId job,
            long number,
            double progress,
            @Nullable String message) implements Said {}
}
