package dev.longshore.api.view;

import dev.longshore.job.JobStatus;
import dev.longshore.job.NewJob;
import dev.longshore.job.WaitReason;
import dev.longshore.view.JobView;
import dev.longshore.view.JobView.Links;
import dev.longshore.view.JobView.Metadata;
import dev.longshore.view.JobView.Waiting;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A job as its owner sees it the moment it was accepted. Nothing has happened to it yet, so nothing
/// needs to be read.
public final class FreshJob {
    private FreshJob() {}

    /// @param scheduledFor when it is to start; null when that is now
    /// @param retention how long a job is kept at least
    public static JobView of(NewJob job, @Nullable Instant scheduledFor, Duration retention) {
        String id = job.id().toString();
        Instant createdAt = job.id().createdAt();
        return new JobView(
                id,
                (scheduledFor == null ? JobStatus.QUEUED : JobStatus.WAITING).word(),
                0,
                null,
                job.operation() + "@" + job.operationVersion(),
                job.lane().word(),
                job.priority(),
                job.labels() == null ? "{}" : job.labels(),
                null,
                0,
                job.maxAttempts(),
                scheduledFor == null ? null : new Waiting(WaitReason.SCHEDULED.word(), scheduledFor, null),
                null,
                null,
                createdAt,
                null,
                null,
                (scheduledFor == null ? createdAt : scheduledFor).plus(job.deadline()),
                createdAt.plus(retention),
                null,
                null,
                null,
                List.of(),
                false,
                null,
                BigDecimal.ZERO,
                new Metadata(
                        hex(job.traceId()),
                        null,
                        job.model(),
                        null,
                        null,
                        null,
                        0,
                        false,
                        false,
                        null,
                        List.of(),
                        null),
                Links.of(id));
    }

    private static @Nullable String hex(@Nullable UUID trace) {
        return trace == null ? null : trace.toString().replace("-", "");
    }
}
