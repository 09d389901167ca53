package dev.longshore.worker.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/// Keeps what notices say from before the first try on, so that every try sends the same bytes.
final class StoredBodies {
    // The first to write has said it: one who comes later, after a claim that ended, sends what is there.
    private static final String STORE = """
            UPDATE webhook_notice n
               SET body = coalesce(n.body, b.body)
              FROM unnest(?::uuid[], ?::text[]) AS b (notice_id, body)
             WHERE n.notice_id = b.notice_id
            RETURNING n.notice_id, n.body
            """;

    private final DataSource database;
    private final Bodies bodies;

    StoredBodies(DataSource database, Bodies bodies) {
        this.database = database;
        this.bodies = bodies;
    }

    /// The bodies of notices by their ids, in the database already; one whose story is gone has none.
    Map<UUID, String> of(List<Notice> notices) throws SQLException {
        Map<UUID, String> known = HashMap.newHashMap(notices.size());
        for (Notice notice : notices) {
            if (notice.body() != null) {
                known.put(notice.id(), notice.body());
            }
        }
        List<Notice> silent =
                notices.stream().filter(notice -> notice.body() == null).toList();
        if (!silent.isEmpty()) {
            known.putAll(stored(bodies.compose(silent)));
        }
        return known;
    }

    private Map<UUID, String> stored(Map<UUID, String> composed) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(STORE)) {
            // Both in the order of the map.
            statement.setArray(
                    1, connection.createArrayOf("uuid", composed.keySet().toArray()));
            statement.setArray(
                    2, connection.createArrayOf("text", composed.values().toArray()));
            Map<UUID, String> stored = HashMap.newHashMap(composed.size());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    stored.put(row.getObject(1, UUID.class), row.getString(2));
                }
            }
            return stored;
        }
    }
}
