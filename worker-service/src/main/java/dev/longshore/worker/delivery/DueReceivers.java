package dev.longshore.worker.delivery;

import dev.longshore.job.JobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Finds the receivers that something is due for. What it costs follows the number of receivers that something is owed
/// to, not of notices.
final class DueReceivers {
    private static final UUID LOWEST = new UUID(0, 0);
    private static final UUID HIGHEST = new UUID(-1, -1);

    /// How far the clocks of workers and database may be apart around midnight.
    private static final Duration LEEWAY = Duration.ofHours(2);

    // Receivers are found by hopping from one to the next in the index.
    private static final String FIND = """
            WITH RECURSIVE owed AS (
                (SELECT n.receiver_id
                   FROM webhook_notice n
                  WHERE n.status = 'pending' AND n.notice_id >= ? AND n.notice_id < ? AND n.receiver_id > ?
                  ORDER BY n.receiver_id
                  LIMIT 1)
                UNION ALL
                SELECT (SELECT n.receiver_id
                          FROM webhook_notice n
                         WHERE n.status = 'pending' AND n.notice_id >= ? AND n.notice_id < ? AND n.receiver_id > owed.receiver_id
                         ORDER BY n.receiver_id
                         LIMIT 1)
                  FROM owed
                 WHERE owed.receiver_id IS NOT NULL
            )
            SELECT owed.receiver_id,
                   coalesce(r.consecutive_failures, 0),
                   due.endpoint_id,
                   due.endpoint_id IS NULL OR coalesce(e.status, 'deleted') = 'enabled'
              FROM owed
             CROSS JOIN LATERAL (SELECT n.endpoint_id
                                   FROM webhook_notice n
                                  WHERE n.receiver_id = owed.receiver_id AND n.status = 'pending'
                                    AND n.notice_id >= ? AND n.notice_id < ?
                                    AND n.due_at <= now()
                                  ORDER BY n.due_at, n.notice_id
                                  LIMIT 1) AS due
              LEFT JOIN LATERAL (SELECT * FROM webhook_receiver r WHERE r.receiver_id = owed.receiver_id OFFSET 0) AS r ON true
              LEFT JOIN LATERAL (SELECT * FROM webhook_endpoint e WHERE e.endpoint_id = due.endpoint_id OFFSET 0) AS e ON true
             WHERE r.open_until IS NULL OR r.open_until <= now()
             LIMIT ?
            """;

    private final DataSource database;

    DueReceivers(DataSource database) {
        this.database = database;
    }

    /// A receiver that something is due for and that is not resting.
    ///
    /// @param failures in a row
    /// @param endpointId null where it is no endpoint
    /// @param wanted false for an endpoint that was switched off or deleted
    record DueReceiver(UUID id, int failures, @Nullable UUID endpointId, boolean wanted) {}

    /// Where a look is made.
    ///
    /// @param from the first notice
    /// @param to the notice behind the last
    record Range(UUID from, UUID to) {
        /// All notices.
        static final Range ALL = new Range(LOWEST, HIGHEST);

        /// Those of today, where all that are new lie. Whole days, which are whole partitions: the others need not be
        /// opened, and in these nothing has to be passed over.
        static Range today(Instant now) {
            return new Range(
                    JobId.lowestAt(now.minus(LEEWAY).truncatedTo(ChronoUnit.DAYS)),
                    JobId.lowestAt(now.plus(LEEWAY).truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS)));
        }
    }

    /// Those behind `after`, in the order of their ids.
    ///
    /// @param after null to begin with the first
    List<DueReceiver> find(Range range, @Nullable UUID after, int most) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setObject(1, range.from());
            statement.setObject(2, range.to());
            statement.setObject(3, after == null ? LOWEST : after);
            statement.setObject(4, range.from());
            statement.setObject(5, range.to());
            statement.setObject(6, range.from());
            statement.setObject(7, range.to());
            statement.setInt(8, most);
            List<DueReceiver> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new DueReceiver(
                            row.getObject(1, UUID.class),
                            row.getInt(2),
                            row.getObject(3, UUID.class),
                            row.getBoolean(4)));
                }
            }
            return found;
        }
    }
}
