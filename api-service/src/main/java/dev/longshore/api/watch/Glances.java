package dev.longshore.api.watch;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.outbox.EventSequence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/// Sees where jobs are, many at a time, without reading what they are.
final class Glances {
    /// The number of a job that is over, or not there at all.
    static final long OVER = Long.MAX_VALUE;

    private static final String STILL_OPEN = """
            SELECT r.job_id, r.epoch, r.status::text
              FROM unnest(?::uuid[]) AS watched (job_id)
             CROSS JOIN LATERAL (SELECT job_id, epoch, status FROM job_run WHERE job_id = watched.job_id OFFSET 0) AS r
            """;

    private final DataSource database;

    Glances(DataSource database) {
        this.database = database;
    }

    /// The number of the last step of each job that is not over.
    Map<JobId, Long> of(List<Watched> jobs) throws SQLException {
        UUID[] ids = jobs.stream().map(watched -> watched.job.uuid()).toArray(UUID[]::new);
        Map<JobId, Long> open = HashMap.newHashMap(ids.length);
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(STILL_OPEN)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    JobStatus status = JobStatus.of(row.getString(3)).orElseThrow();
                    open.put(new JobId(row.getObject(1, UUID.class)), EventSequence.of(row.getInt(2), status));
                }
            }
        }
        return open;
    }
}
