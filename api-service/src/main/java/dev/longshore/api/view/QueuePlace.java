package dev.longshore.api.view;

import dev.longshore.view.JobView;

/// A place in the queue: an estimate, since priorities and other tenants move it.
///
/// @param position how many jobs run before this one, and this one
/// @param etaSeconds until it runs
public record QueuePlace(long position, long etaSeconds) {

    /// The same job with its place in the queue.
    public JobView in(JobView job) {
        return new JobView(
                job.jobId(),
                job.status(),
                job.progress(),
                job.progressMessage(),
                job.operation(),
                job.lane(),
                job.priority(),
                job.labels(),
                job.batchId(),
                job.attempt(),
                job.maxAttempts(),
                job.waiting(),
                position,
                etaSeconds,
                job.createdAt(),
                job.startedAt(),
                job.finishedAt(),
                job.deadlineAt(),
                job.expiresAt(),
                job.result(),
                job.error(),
                job.confidence(),
                job.alternatives(),
                job.requiresHumanReview(),
                job.usage(),
                job.costUsd(),
                job.metadata(),
                job.links());
    }
}
