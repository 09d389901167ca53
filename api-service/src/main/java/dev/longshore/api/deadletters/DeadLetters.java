package dev.longshore.api.deadletters;

import dev.longshore.api.view.Page;
import dev.longshore.view.JobReader;
import dev.longshore.view.JobRow;
import dev.longshore.view.JobView;
import dev.longshore.view.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Finds dead letters. A replay that is under way may take some away while they are being read.
final class DeadLetters {
    // Led by the index of rare endings.
    private static final String FIND = """
            SELECT o.job_id
              FROM job_outcome o
             CROSS JOIN LATERAL (SELECT * FROM job WHERE tenant_id = o.tenant_id AND job_id = o.job_id OFFSET 0) AS j
             WHERE o.tenant_id = ?
               AND o.status = 'failed'
               AND o.job_id < ?
               AND o.discarded_at IS NULL
               AND (?::text IS NULL OR ? IN (j.operation, j.operation || '@' || j.operation_version))
               AND (?::lane IS NULL OR o.lane = ?::lane)
               AND (?::text IS NULL OR o.error_code = ?)
               AND (?::timestamptz IS NULL OR o.finished_at > ?)
               AND (?::timestamptz IS NULL OR o.finished_at < ?)
             ORDER BY o.job_id DESC
             LIMIT ?
            """;

    private final DataSource database;
    private final JobReader reader;

    DeadLetters(DataSource database, JobReader reader) {
        this.database = database;
        this.reader = reader;
    }

    Page<JobView> page(int tenantId, DeadLetterFilter filter, int limit) throws SQLException {
        return Snapshot.of(database, connection -> {
            List<JobView> jobs =
                    reader.read(connection, tenantId, ids(connection, tenantId, filter, limit + 1)).stream()
                            .map(JobRow::view)
                            .toList();
            return Page.of(jobs, limit, JobView::jobId);
        });
    }

    /// Newest first.
    List<UUID> ids(int tenantId, DeadLetterFilter filter, int limit) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return ids(connection, tenantId, filter, limit);
        }
    }

    private static List<UUID> ids(Connection connection, int tenantId, DeadLetterFilter filter, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            String lane = filter.lane() == null ? null : filter.lane().word();
            Timestamp after = timestamp(filter.failedAfter());
            Timestamp before = timestamp(filter.failedBefore());
            statement.setInt(1, tenantId);
            statement.setObject(2, filter.below());
            statement.setString(3, filter.operation());
            statement.setString(4, filter.operation());
            statement.setString(5, lane);
            statement.setString(6, lane);
            statement.setString(7, filter.errorCode());
            statement.setString(8, filter.errorCode());
            statement.setTimestamp(9, after);
            statement.setTimestamp(10, after);
            statement.setTimestamp(11, before);
            statement.setTimestamp(12, before);
            statement.setInt(13, limit);
            List<UUID> ids = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getObject(1, UUID.class));
                }
            }
            return ids;
        }
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant moment) {
        return moment == null ? null : Timestamp.from(moment);
    }
}
