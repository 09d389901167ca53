package dev.longshore.api.jobs;

import dev.longshore.api.view.Page;
import dev.longshore.job.JobStatus;
import dev.longshore.view.JobReader;
import dev.longshore.view.JobRow;
import dev.longshore.view.JobView;
import dev.longshore.view.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Lists jobs, newest first. Which table leads depends on the status that is asked for, so that a list
/// of few jobs does not read through many.
final class JobList {
    private static final String OF_ANY_STATUS = """
            SELECT j.job_id
              FROM job j
             WHERE j.tenant_id = ?
               AND j.job_id < ?
               AND j.job_id >= ?
               AND (?::lane IS NULL OR j.lane = ?::lane)
               AND (?::text IS NULL OR j.operation = ?)
               AND (?::int IS NULL OR j.operation_version = ?)
               AND (?::jsonb IS NULL OR j.labels @> ?::jsonb)
               AND ?::job_status IS NULL
             ORDER BY j.job_id DESC
             LIMIT ?
            """;

    private static final String COMPLETE = """
            SELECT j.job_id
              FROM job j
             WHERE j.tenant_id = ?
               AND j.job_id < ?
               AND j.job_id >= ?
               AND (?::lane IS NULL OR j.lane = ?::lane)
               AND (?::text IS NULL OR j.operation = ?)
               AND (?::int IS NULL OR j.operation_version = ?)
               AND (?::jsonb IS NULL OR j.labels @> ?::jsonb)
               AND (SELECT o.status FROM job_outcome o WHERE o.job_id = j.job_id) = ?::job_status
             ORDER BY j.job_id DESC
             LIMIT ?
            """;

    // Led by the index of rare endings.
    private static final String FAILED_OR_CANCELLED = """
            SELECT o.job_id
              FROM job_outcome o
             CROSS JOIN LATERAL (SELECT * FROM job WHERE tenant_id = o.tenant_id AND job_id = o.job_id OFFSET 0) AS j
             WHERE o.tenant_id = ?
               AND o.job_id < ?
               AND o.job_id >= ?
               AND o.status <> 'complete'
               AND (?::lane IS NULL OR j.lane = ?::lane)
               AND (?::text IS NULL OR j.operation = ?)
               AND (?::int IS NULL OR j.operation_version = ?)
               AND (?::jsonb IS NULL OR j.labels @> ?::jsonb)
               AND o.status = ?::job_status
             ORDER BY o.job_id DESC
             LIMIT ?
            """;

    // Led by the jobs in hand, which are few beside those that are over.
    private static final String OPEN = """
            SELECT r.job_id
              FROM job_run r
             CROSS JOIN LATERAL (SELECT * FROM job WHERE tenant_id = r.tenant_id AND job_id = r.job_id OFFSET 0) AS j
             WHERE r.tenant_id = ?
               AND r.job_id < ?
               AND r.job_id >= ?
               AND (?::lane IS NULL OR j.lane = ?::lane)
               AND (?::text IS NULL OR j.operation = ?)
               AND (?::int IS NULL OR j.operation_version = ?)
               AND (?::jsonb IS NULL OR j.labels @> ?::jsonb)
               AND r.status = ?::job_status
             ORDER BY r.job_id DESC
             LIMIT ?
            """;

    private final DataSource database;
    private final JobReader reader;

    JobList(DataSource database, JobReader reader) {
        this.database = database;
        this.reader = reader;
    }

    Page<JobView> page(int tenantId, JobFilter filter) throws SQLException {
        if (filter.inBatch()) {
            return Page.of(List.of(), filter.limit(), JobView::jobId);
        }
        return Snapshot.of(database, connection -> {
            List<UUID> ids = ids(connection, tenantId, filter);
            List<JobView> jobs = reader.read(connection, tenantId, ids).stream()
                    .map(JobRow::view)
                    .toList();
            return Page.of(jobs, filter.limit(), JobView::jobId);
        });
    }

    private static List<UUID> ids(Connection connection, int tenantId, JobFilter filter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(statementFor(filter.status()))) {
            String lane = filter.lane() == null ? null : filter.lane().word();
            statement.setInt(1, tenantId);
            statement.setObject(2, filter.below());
            statement.setObject(3, filter.from());
            statement.setString(4, lane);
            statement.setString(5, lane);
            statement.setString(6, filter.operation());
            statement.setString(7, filter.operation());
            statement.setObject(8, filter.version(), Types.INTEGER);
            statement.setObject(9, filter.version(), Types.INTEGER);
            statement.setString(10, filter.labels());
            statement.setString(11, filter.labels());
            statement.setString(
                    12, filter.status() == null ? null : filter.status().word());
            // One more than asked for tells whether there is another page.
            statement.setInt(13, filter.limit() + 1);
            List<UUID> ids = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getObject(1, UUID.class));
                }
            }
            return ids;
        }
    }

    private static String statementFor(@Nullable JobStatus status) {
        return switch (status) {
            case null -> OF_ANY_STATUS;
            case COMPLETE -> COMPLETE;
            case FAILED, CANCELLED -> FAILED_OR_CANCELLED;
            case WAITING, QUEUED, PROCESSING, AWAITING_REVIEW -> OPEN;
        };
    }
}
