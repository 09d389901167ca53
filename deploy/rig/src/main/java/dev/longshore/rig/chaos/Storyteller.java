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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;

/// Reads how all jobs came to be what they are, as their owners are told, and adds what those need not be told.
final class Storyteller {
    private static final int AT_ONCE = 500;
    private static final Duration RETENTION = Duration.ofDays(30);

    private static final String JOBS = """
            SELECT job_id, tenant_id, run_at IS NOT NULL
              FROM job
             ORDER BY job_id
            """;

    private static final String REPLAYS = """
            SELECT job_id, epoch
              FROM job_note
             WHERE kind = 'replayed'
            """;

    private static final String EPOCHS = """
            SELECT job_id, epoch FROM job_outcome
             UNION ALL
            SELECT job_id, epoch FROM job_run
            """;

    private final DataSource database;

    Storyteller(Database database) {
        this.database = database.source();
    }

    /// Every change of every job.
    List<Ledger.Step> steps() throws SQLException {
        List<Owned> jobs = new ArrayList<>();
        Set<JobId> scheduled = new HashSet<>();
        Map<JobId, Set<Integer>> replays = new HashMap<>();
        Map<JobId, Integer> epochs = new HashMap<>();
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
            try (ResultSet row = statement.executeQuery(REPLAYS)) {
                while (row.next()) {
                    replays.computeIfAbsent(new JobId(row.getObject(1, UUID.class)), _ -> new HashSet<>())
                            .add(row.getInt(2));
                }
            }
            try (ResultSet row = statement.executeQuery(EPOCHS)) {
                while (row.next()) {
                    epochs.put(new JobId(row.getObject(1, UUID.class)), row.getInt(2));
                }
            }
        }
        JobTales tales = new JobTales(database, new JobReader(database, RETENTION));
        List<Ledger.Step> steps = new ArrayList<>();
        for (int start = 0; start < jobs.size(); start += AT_ONCE) {
            tales.read(jobs.subList(start, Math.min(start + AT_ONCE, jobs.size())))
                    .forEach((job, tale) -> steps.addAll(whole(
                            job,
                            tale,
                            scheduled.contains(job),
                            epochs.getOrDefault(job, 0),
                            replays.getOrDefault(job, Set.of()))));
        }
        return steps;
    }

    /// A claim that ended the job without a call is not told to its owner. It was made all the same: each number of an
    /// epoch is that of a claim or of a replay.
    private static List<Ledger.Step> whole(
            JobId job, JobTale tale, boolean scheduled, int epochs, Set<Integer> replays) {
        TreeMap<Long, Ledger.Step> steps = new TreeMap<>();
        for (Step step : tale.steps()) {
            steps.put(
                    step.number(),
                    new Ledger.Step(job.toString(), step.number(), step.status().word(), step.at(), true));
        }
        Instant last = tale.steps().getLast().at();
        for (int epoch = 1; epoch <= epochs; epoch++) {
            long number = EventSequence.of(epoch, JobStatus.PROCESSING);
            if (!replays.contains(epoch)) {
                steps.putIfAbsent(
                        number, new Ledger.Step(job.toString(), number, JobStatus.PROCESSING.word(), last, true));
            }
        }
        if (scheduled) {
            beginning(job, steps);
        }
        return List.copyOf(steps.values());
    }

    /// One whose time had come when it was committed was queued at once, and nothing but what came next tells.
    private static void beginning(JobId job, TreeMap<Long, Ledger.Step> steps) {
        long waits = EventSequence.of(0, JobStatus.WAITING);
        long queued = EventSequence.of(0, JobStatus.QUEUED);
        Ledger.Step waiting = steps.get(waits);
        if (waiting == null || steps.containsKey(queued)) {
            return;
        }
        // Nobody claims a job that waits.
        boolean claimed = steps.containsKey(EventSequence.of(1, JobStatus.PROCESSING));
        if (claimed) {
            steps.remove(waits);
        } else {
            steps.put(waits, new Ledger.Step(job.toString(), waits, waiting.status(), waiting.at(), false));
        }
        steps.put(
                queued,
                new Ledger.Step(job.toString(), queued, JobStatus.QUEUED.word(), waiting.at(), claimed));
    }
}
