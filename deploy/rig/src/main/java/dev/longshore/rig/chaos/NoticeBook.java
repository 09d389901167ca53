package dev.longshore.rig.chaos;

import dev.longshore.job.JobId;
import dev.longshore.rig.Database;
import dev.longshore.rig.proof.Endpoint;
import dev.longshore.rig.proof.Notice;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads what the database says of webhooks.
final class NoticeBook {
    // Those that may go on: what is owed to an endpoint that is off has come to its end.
    private static final String NOTICES = """
            SELECT n.notice_id, n.job_id, n.tenant_id, n.endpoint_id, coalesce(n.url, e.url), n.seq, n.type, n.happened_at, n.due_at,
                   CASE WHEN n.claimed_by IS NOT NULL THEN n.claimed_until END, n.status, n.tries, t.name
              FROM webhook_notice n
              JOIN tenant t USING (tenant_id)
              LEFT JOIN webhook_endpoint e USING (endpoint_id)
             WHERE NOT ? OR n.status = 'pending' OR n.status = 'failed' AND coalesce(e.status, 'enabled') = 'enabled'
             ORDER BY n.notice_id
            """;

    private static final String DISABLED = """
            SELECT endpoint_id, disabled_at
              FROM webhook_endpoint
             WHERE status = 'disabled'
            """;

    private static final String LEFT = """
            SELECT (SELECT count(*) FROM outbox),
                   (SELECT count(*) FROM webhook_notice WHERE status = 'pending' AND claimed_by IS NOT NULL)
            """;

    private final Database database;

    NoticeBook(Database database) {
        this.database = database;
    }

    /// What should be nothing in the end.
    ///
    /// @param untold rows of the outbox
    /// @param claimed notices that a worker has taken
    record Left(long untold, long claimed) {}

    List<Notice> all() throws SQLException {
        return notices(false);
    }

    /// Those that have not arrived and may yet.
    List<Notice> open() throws SQLException {
        return notices(true);
    }

    Left left() throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(LEFT);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Left(row.getLong(1), row.getLong(2));
        }
    }

    /// The endpoints as they are now.
    List<Endpoint> now(List<Endpoint> made) throws SQLException {
        Map<String, Instant> off = new HashMap<>();
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(DISABLED);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                off.put(
                        id("we_", row.getObject(1, UUID.class)),
                        row.getTimestamp(2).toInstant());
            }
        }
        return made.stream()
                .map(endpoint -> new Endpoint(
                        endpoint.id(),
                        endpoint.tenant(),
                        endpoint.url(),
                        endpoint.events(),
                        endpoint.filter(),
                        endpoint.keys(),
                        off.get(endpoint.id())))
                .toList();
    }

    private List<Notice> notices(boolean open) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(NOTICES)) {
            statement.setBoolean(1, open);
            List<Notice> notices = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    UUID endpoint = row.getObject(4, UUID.class);
                    notices.add(new Notice(
                            id("evt_", row.getObject(1, UUID.class)),
                            Bookkeeper.tenantNumber(row.getString(13), row.getInt(3)),
                            new JobId(row.getObject(2, UUID.class)).toString(),
                            endpoint == null ? null : id("we_", endpoint),
                            row.getString(5),
                            row.getLong(6),
                            row.getString(7),
                            row.getTimestamp(8).toInstant(),
                            row.getTimestamp(9).toInstant(),
                            instant(row.getTimestamp(10)),
                            row.getString(11),
                            row.getInt(12)));
                }
            }
            return notices;
        }
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    private static String id(String prefix, UUID id) {
        HexFormat digits = HexFormat.of();
        return prefix
                + digits.toHexDigits(id.getMostSignificantBits())
                + digits.toHexDigits(id.getLeastSignificantBits());
    }
}
