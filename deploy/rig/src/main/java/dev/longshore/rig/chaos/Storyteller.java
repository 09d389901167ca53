package dev.longshore.rig.chaos;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.outbox.EventSequence;
import dev.longshore.rig.Database;
import dev.longshore.rig.proof.Ledger;
import dev.longshore.view.JobReader;
import dev.longshore.view.JobTale;
import dev.longshore.view.JobTales;
import dev.longshore.view.Owned;
import dev.longshore.view.Step;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/// Reads how all jobs came to be what they are, as their owners are told.
final class Storyteller {
    private static final int AT_ONCE = 500;
    private static final Duration RETENTION = Duration.ofDays(30);

    private static final String JOBS = """
            SELECT job_id, tenant_id, run_at IS NOT NULL
              FROM job
             ORDER BY job_id
            """;

    private static final long QUEUED_AT_FIRST = EventSequence.of(0, JobStatus.QUEUED);

    private final DataSource database;

    Storyteller(Database database) {
        this.database = database.source();
    }

    /// Every change of every job.
    List<Ledger.Step> steps() throws SQLException {
        List<Owned> jobs = new ArrayList<>();
        Set<JobId> scheduled = new HashSet<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(JOBS)) {
                while (row.next()) {
                    JobId job = new JobId(row.getObject(1, UUID.class));
                    jobs.add(new Owned(job, row.getInt(2)));
                    if (row.getBoolean(3)) {
                        scheduled.add(job);
                    }
                }
            }
        }
        JobTales tales = new JobTales(database, new JobReader(database, RETENTION));
        List<Ledger.Step> steps = new ArrayList<>();
        for (int start = 0; start < jobs.size(); start += AT_ONCE) {
            tales.read(jobs.subList(start, Math.min(start + AT_ONCE, jobs.size())))
                    .forEach((job, tale) -> steps.addAll(steps(job, tale, scheduled.contains(job))));
        }
        return steps;
    }

    private static List<Ledger.Step> steps(JobId job, JobTale tale, boolean scheduled) {
        List<Ledger.Step> steps = new ArrayList<>();
        for (Step step : tale.steps()) {
            steps.add(step(job, step.number(), step.status(), step.at(), true));
        }
        Step first = tale.steps().getFirst();
        boolean woken = tale.steps().stream().anyMatch(step -> step.number() == QUEUED_AT_FIRST);
        if (scheduled && first.status() == JobStatus.WAITING && !woken) {
            // It has ended before it was claimed. Whether it had waited until then, or was queued at once since its
            // time
            // had come before it was committed, is written nowhere.
            steps.set(0, step(job, first.number(), JobStatus.WAITING, first.at(), false));
            steps.add(step(job, QUEUED_AT_FIRST, JobStatus.QUEUED, first.at(), false));
        }
        return steps;
    }

    private static Ledger.Step step(JobId job, long number, JobStatus status, Instant at, boolean sure) {
        return new Ledger.Step(job.toString(), number, status.word(), at, sure);
    }
}
