package dev.longshore.worker.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/// Switches endpoints off, and ends what was owed to those that are off.
final class Endpoints {
    /// Rows changed in one statement: a long one holds up vacuum for everybody.
    static final int LARGEST_BITE = 5_000;

    // What is remembered of it goes too: an endpoint that is switched on again begins anew.
    private static final String DISABLE = """
            WITH disabled AS (
                UPDATE webhook_endpoint
                   SET status = 'disabled', disabled_reason = ?, disabled_at = now()
                 WHERE endpoint_id = ?
                   AND status = 'enabled'
                RETURNING endpoint_id
            ),
            forgotten AS (
                DELETE FROM webhook_receiver
                 WHERE receiver_id = (SELECT endpoint_id FROM disabled)
            )
            SELECT endpoint_id FROM disabled
            """;

    // Those under way are left to whoever has them: they may yet arrive.
    private static final String END = """
            UPDATE webhook_notice n
               SET status = 'failed', finished_at = now()
             WHERE n.notice_id IN (SELECT o.notice_id
                                     FROM webhook_notice o
                                    WHERE o.receiver_id = ?
                                      AND o.status = 'pending'
                                      AND coalesce(o.claimed_until, '-infinity') <= now()
                                    LIMIT ?)
               AND n.status = 'pending'
               AND coalesce(n.claimed_until, '-infinity') <= now()
            """;

    private static final String OFF = """
            WITH RECURSIVE owed AS (
                (SELECT n.receiver_id
                   FROM webhook_notice n
                  WHERE n.status = 'pending'
                  ORDER BY n.receiver_id
                  LIMIT 1)
                UNION ALL
                SELECT (SELECT n.receiver_id
                          FROM webhook_notice n
                         WHERE n.status = 'pending' AND n.receiver_id > owed.receiver_id
                         ORDER BY n.receiver_id
                         LIMIT 1)
                  FROM owed
                 WHERE owed.receiver_id IS NOT NULL
            )
            SELECT owed.receiver_id
              FROM owed
             CROSS JOIN LATERAL (SELECT n.endpoint_id
                                   FROM webhook_notice n
                                  WHERE n.receiver_id = owed.receiver_id AND n.status = 'pending'
                                  LIMIT 1) AS any_one
             WHERE any_one.endpoint_id IS NOT NULL
               AND NOT EXISTS (SELECT
                                 FROM webhook_endpoint e
                                WHERE e.endpoint_id = any_one.endpoint_id AND e.status = 'enabled' OFFSET 0)
            """;

    private static final String FORGET = """
            DELETE FROM webhook_receiver r
             WHERE r.endpoint_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM webhook_endpoint e WHERE e.endpoint_id = r.endpoint_id AND e.status = 'enabled' OFFSET 0)
            """;

    private final DataSource database;

    Endpoints(DataSource database) {
        this.database = database;
    }

    /// @param reason a sentence for whoever owns it
    /// @return false when it was off already
    boolean disable(UUID endpoint, String reason) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(DISABLE)) {
            statement.setString(1, reason);
            statement.setObject(2, endpoint);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /// Ends what is owed to an endpoint that is off, but for calls under way.
    ///
    /// @return how many notices
    int endAllOf(UUID receiver) throws SQLException {
        int ended = 0;
        int bite;
        do {
            try (Connection connection = database.getConnection();
                    PreparedStatement statement = connection.prepareStatement(END)) {
                statement.setObject(1, receiver);
                statement.setInt(2, LARGEST_BITE);
                bite = statement.executeUpdate();
                ended += bite;
            }
        } while (bite == LARGEST_BITE);
        return ended;
    }

    /// Endpoints that are off or deleted, and to which something is still owed, due or not.
    List<UUID> offAndOwedTo() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(OFF);
                ResultSet row = statement.executeQuery()) {
            List<UUID> off = new ArrayList<>();
            while (row.next()) {
                off.add(row.getObject(1, UUID.class));
            }
            return off;
        }
    }

    /// Forgets how endpoints did that are off or deleted.
    int forgetHealth() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(FORGET)) {
            return statement.executeUpdate();
        }
    }
}
