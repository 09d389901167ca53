package dev.longshore.view;

import dev.longshore.job.JobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/// Reads jobs as their owners see them. One statement reads all three tables of a job, so that a job
/// which ends in the meantime is seen either open or ended, never neither.
public final class JobReader {
    // The lateral joins with OFFSET 0 keep the planner from doing anything but one look into each index
    // a job.
    private static final String READ = """
            SELECT j.job_id, j.tenant_id, j.lane, j.operation, j.operation_version, j.priority, j.labels, j.max_attempts, j.run_at,
                   j.trace_id, j.model AS asked_model,
                   coalesce(r.status, o.status) AS status,
                   coalesce(r.attempt, o.attempt) AS attempt,
                   coalesce(r.started_at, o.started_at) AS started_at,
                   coalesce(r.deadline_at, o.deadline_at) AS deadline_at,
                   coalesce(r.spent_nanos, o.cost_nanos) AS cost_nanos,
                   coalesce('r' || r.version, 'o' || o.version) AS version,
                   r.progress, r.progress_message, r.wait_reason, r.wait_detail, r.wake_at,
                   CASE WHEN r.status = 'queued' AND r.dispatched_at IS NULL THEN r.rank END AS rank,
                   o.finished_at, o.input_tokens, o.cached_input_tokens, o.output_tokens, o.latency_ms, o.provider_status, o.provider,
                   o.model, o.model_version, o.error_code, o.error_message, o.result
              FROM unnest(?::uuid[], ?::int[]) AS wanted (job_id, tenant_id)
             CROSS JOIN LATERAL (SELECT * FROM job WHERE tenant_id = wanted.tenant_id AND job_id = wanted.job_id OFFSET 0) AS j
              LEFT JOIN LATERAL (SELECT xmin::text AS version, * FROM job_run WHERE job_id = wanted.job_id OFFSET 0) AS r ON true
              LEFT JOIN LATERAL (SELECT xmin::text AS version, * FROM job_outcome WHERE job_id = wanted.job_id OFFSET 0) AS o ON true
             WHERE r.job_id IS NOT NULL OR o.job_id IS NOT NULL
            """;

    private final DataSource database;
    private final Duration retention;

    /// @param retention how long a job is kept at least, for `expires_at`
    public JobReader(DataSource database, Duration retention) {
        this.database = database;
        this.retention = retention;
    }

    /// One job of a tenant, empty where there is none.
    public Optional<JobRow> read(int tenantId, JobId job) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return read(connection, List.of(new Owned(job, tenantId))).stream().findFirst();
        }
    }

    /// Those of a tenant's jobs that there are, in the order of the ids.
    public List<JobRow> read(Connection connection, int tenantId, Collection<UUID> jobs) throws SQLException {
        return read(
                connection,
                jobs.stream().map(job -> new Owned(new JobId(job), tenantId)).toList());
    }

    /// Those of the jobs that there are and whose tenants are named rightly, in the order of `jobs`.
    List<JobRow> read(Connection connection, List<Owned> jobs) throws SQLException {
        if (jobs.isEmpty()) {
            return List.of();
        }
        Map<JobId, JobRow> rows = HashMap.newHashMap(jobs.size());
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            Owned.set(connection, statement, jobs);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    JobRow read = JobRow.read(row, retention);
                    rows.put(read.id(), read);
                }
            }
        }
        return jobs.stream()
                .map(job -> rows.get(job.job()))
                .filter(Objects::nonNull)
                .toList();
    }
}
