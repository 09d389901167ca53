package dev.longshore.view;

import dev.longshore.job.JobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/// Reads how jobs came to be what they are, many at a time.
public final class JobTales {
    // Each job's rows by index probes only; what they mean is worked out by StepReading.
    private static final String STEPS = """
            SELECT wanted.job_id, t.epoch, t.kind, t.at, t.attempt, t.charged, t.cost_nanos, t.reason, t.until, t.detail
              FROM unnest(?::uuid[], ?::int[]) AS wanted (job_id, tenant_id)
             CROSS JOIN LATERAL (
                   (SELECT 0 AS epoch, 'accepted' AS kind, NULL::timestamptz AS at, 0 AS attempt, false AS charged, 0::bigint AS cost_nanos,
                           NULL AS reason, run_at AS until, NULL AS detail
                      FROM job
                     WHERE tenant_id = wanted.tenant_id AND job_id = wanted.job_id)
                   UNION ALL
                   SELECT epoch, 'claimed', started_at, attempt, charged, cost_nanos, NULL, NULL, NULL
                     FROM attempt
                    WHERE job_id = wanted.job_id
                   UNION ALL
                   SELECT epoch, 'claimed', claimed_at, attempt, true, 0, NULL, NULL, NULL
                     FROM job_run
                    WHERE job_id = wanted.job_id AND status = 'processing'
                   UNION ALL
                   SELECT epoch, kind, at, coalesce((detail ->> 'attempt')::int, -1), false, 0, coalesce(detail ->> 'reason', detail ->> 'error_code'),
                          coalesce(detail ->> 'until', detail ->> 'failed_at')::timestamptz,
                          coalesce(detail ->> 'detail', detail ->> 'error_message')
                     FROM job_note
                    WHERE job_id = wanted.job_id
                      AND kind IN ('waiting', 'woken', 'rescued', 'handed_back', 'fell_back', 'replayed')
                   UNION ALL
                   SELECT epoch, status::text, finished_at, attempt, false, 0, NULL, NULL, NULL
                     FROM job_outcome
                    WHERE job_id = wanted.job_id) AS t
            """;

    private final DataSource database;
    private final JobReader reader;

    public JobTales(DataSource database, JobReader reader) {
        this.database = database;
        this.reader = reader;
    }

    /// The tales of those of the jobs that there are and whose tenants are named rightly.
    public Map<JobId, JobTale> read(List<Owned> jobs) throws SQLException {
        if (jobs.isEmpty()) {
            return Map.of();
        }
        return Snapshot.of(database, connection -> {
            Map<JobId, StepReading> readings = HashMap.newHashMap(jobs.size());
            for (JobRow now : reader.read(connection, jobs)) {
                readings.put(now.id(), new StepReading(now));
            }
            read(connection, jobs, readings);
            Map<JobId, JobTale> tales = HashMap.newHashMap(readings.size());
            readings.forEach((job, reading) -> tales.put(job, reading.tale()));
            return tales;
        });
    }

    private static void read(Connection connection, List<Owned> jobs, Map<JobId, StepReading> readings)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STEPS)) {
            Owned.set(connection, statement, jobs);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    StepReading reading = readings.get(new JobId(row.getObject("job_id", UUID.class)));
                    if (reading != null) {
                        reading.add(row);
                    }
                }
            }
        }
    }
}
