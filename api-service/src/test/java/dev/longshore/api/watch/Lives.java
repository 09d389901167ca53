package dev.longshore.api.watch;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.lane.Lane;
import dev.longshore.money.Usd;
import dev.longshore.outbox.EventSequence;
import dev.longshore.view.JobRow;
import dev.longshore.view.JobTale;
import dev.longshore.view.JobView;
import dev.longshore.view.JobView.Links;
import dev.longshore.view.JobView.Metadata;
import dev.longshore.view.Owned;
import dev.longshore.view.Step;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Makes tales of jobs.
final class Lives {
    static final JobId JOB = new JobId(UUID.fromString("0199a000-0000-7000-8000-000000000001"));
    static final Owned OWNED = new Owned(JOB, 7);
    private static final Instant BEGAN = Instant.parse("2026-11-21T08:00:00Z");

    private Lives() {}

    /// @param attempt that began or ended with it
    static Step step(int epoch, JobStatus status, int attempt) {
        return new Step(EventSequence.of(epoch, status), status, BEGAN, attempt, Usd.ZERO, null, null, null);
    }

    static Story story(List<Step> steps) {
        return new Story(tale(steps));
    }

    static JobTale tale(List<Step> steps) {
        JobStatus status = steps.getLast().status();
        JobView view = new JobView(
                JOB.toString(),
                status.word(),
                0,
                null,
                "chat@1",
                "standard",
                0,
                "{}",
                null,
                1,
                5,
                null,
                null,
                null,
                BEGAN,
                null,
                null,
                BEGAN,
                BEGAN,
                status == JobStatus.COMPLETE ? "{\"said\":\n\"all\"}" : null,
                null,
                null,
                List.of(),
                false,
                null,
                BigDecimal.ZERO,
                new Metadata(null, null, "sim-small", null, null, null, 1, false, false, null, List.of(), null),
                Links.of(JOB.toString()));
        return new JobTale(new JobRow(JOB, OWNED.tenantId(), Lane.STANDARD, status, view, "r1", null), steps);
    }
}
