package dev.longshore.worker.delivery;

import dev.longshore.worker.delivery.DueReceivers.Range;
import dev.longshore.worker.delivery.Notice.Moved;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Takes notices for this worker, oldest first, and never more of one receiver than all workers together may have.
///
/// A claimed notice is due when the claim ends. So a worker that dies gives its notices back by that, and those that
/// are claimed are found in the index of what is due, in front of what is due later.
final class Claims {
    /// Longer than the longest call and its recording. A call that was recorded later would be made twice.
    static final Duration LENGTH = Duration.ofSeconds(60);

    // Another worker that is choosing for a receiver at this moment has counted without us: leave it to that one.
    private static final String LOCK = """
            SELECT r.place
              FROM unnest(?::uuid[]) WITH ORDINALITY AS r (receiver_id, place)
             WHERE pg_try_advisory_xact_lock(hashtextextended(r.receiver_id::text, 7))
            """;

    // A statement of its own, so that it sees what those who had the lock before have done.
    static final String CLAIM = """
            WITH receiver AS MATERIALIZED (
                SELECT found.receiver_id, found.most
                  FROM unnest(?::uuid[], ?::int[]) AS found (receiver_id, most)
                  LEFT JOIN LATERAL (SELECT * FROM webhook_receiver r WHERE r.receiver_id = found.receiver_id OFFSET 0) AS health ON true
                 -- It was not resting when it was found. A call that has ended since may have put it to rest, and made room for this one.
                 WHERE health.open_until IS NULL OR health.open_until <= now()
            ),
            picked AS MATERIALIZED (
                SELECT head.notice_id, head.place, receiver.receiver_id
                  FROM receiver
                 CROSS JOIN LATERAL (
                       SELECT count(*) AS claimed
                         FROM webhook_notice n
                        WHERE n.receiver_id = receiver.receiver_id AND n.status = 'pending'
                          AND n.due_at > now() AND n.due_at <= now() + ? * interval '1 millisecond'
                          AND n.claimed_until > now()) AS busy
                 CROSS JOIN LATERAL (
                       SELECT h.notice_id, row_number() OVER (ORDER BY h.due_at, h.notice_id) AS place
                         FROM (SELECT n.notice_id, n.due_at
                                 FROM webhook_notice n
                                WHERE n.receiver_id = receiver.receiver_id AND n.status = 'pending'
                                  AND n.notice_id >= ? AND n.notice_id < ?
                                  AND n.due_at <= now()
                                ORDER BY n.due_at, n.notice_id
                                LIMIT greatest(receiver.most - busy.claimed, 0)) AS h) AS head
                 -- One notice a receiver and round, so that no receiver takes the room that others need.
                 ORDER BY head.place, receiver.receiver_id
                 LIMIT ?
            ),
            claimed AS (
                UPDATE webhook_notice n
                   SET claimed_by = ?,
                       claimed_until = now() + ? * interval '1 millisecond',
                       due_at = now() + ? * interval '1 millisecond'
                  FROM picked
                 WHERE n.notice_id = picked.notice_id
                   AND n.status = 'pending'
                   AND n.due_at <= now()
                RETURNING n.notice_id, n.tenant_id, n.job_id, n.seq, n.type, n.happened_at, n.receiver_id, n.endpoint_id, n.url, n.tries,
                          n.body, n.progress, n.progress_message, picked.place
            )
            SELECT c.*, coalesce(c.url, e.url) AS address
              FROM claimed c
              LEFT JOIN LATERAL (SELECT * FROM webhook_endpoint e WHERE e.endpoint_id = c.endpoint_id OFFSET 0) AS e ON true
             ORDER BY c.place, c.notice_id
            """;

    private static final String HAND_BACK = """
            UPDATE webhook_notice n
               SET claimed_by = NULL, claimed_until = NULL, due_at = now()
              FROM unnest(?::uuid[], ?::int[], ?::int[]) AS h (notice_id, claimed_by, tries)
             WHERE n.notice_id = h.notice_id
               AND n.status = 'pending'
               AND n.claimed_by = h.claimed_by
               AND n.tries = h.tries
            """;

    private final DataSource database;

    Claims(DataSource database) {
        this.database = database;
    }

    /// What may be taken for one receiver.
    ///
    /// @param most under way at once over all workers
    record Share(UUID receiverId, int most) {}

    /// @param most notices in all
    /// @return in the order in which they should be sent
    List<Notice> claim(int worker, Range range, List<Share> shares, int most) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                List<Share> locked = lock(connection, shares);
                List<Notice> claimed = locked.isEmpty() ? List.of() : claim(connection, worker, range, locked, most);
                connection.commit();
                return claimed;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static List<Share> lock(Connection connection, List<Share> shares) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setArray(
                    1, uuids(connection, shares.stream().map(Share::receiverId).toList()));
            List<Share> locked = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    locked.add(shares.get(row.getInt(1) - 1));
                }
            }
            return locked;
        }
    }

    private static List<Notice> claim(Connection connection, int worker, Range range, List<Share> shares, int most)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setArray(
                    1, uuids(connection, shares.stream().map(Share::receiverId).toList()));
            statement.setArray(
                    2, ints(connection, shares.stream().map(Share::most).toList()));
            statement.setLong(3, LENGTH.toMillis());
            statement.setObject(4, range.from());
            statement.setObject(5, range.to());
            statement.setInt(6, most);
            statement.setInt(7, worker);
            statement.setLong(8, LENGTH.toMillis());
            statement.setLong(9, LENGTH.toMillis());
            List<Notice> claimed = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String address = row.getString("address");
                    // Its endpoint was deleted a moment ago; the claim ends by itself and the sweep finds it.
                    if (address != null) {
                        claimed.add(notice(row, worker, address));
                    }
                }
            }
            return claimed;
        }
    }

    private static Notice notice(ResultSet row, int worker, String address) throws SQLException {
        return new Notice(
                row.getObject("notice_id", UUID.class),
                row.getInt("tenant_id"),
                row.getObject("job_id", UUID.class),
                row.getLong("seq"),
                row.getString("type"),
                row.getTimestamp("happened_at").toInstant(),
                moved(row),
                row.getObject("receiver_id", UUID.class),
                row.getObject("endpoint_id", UUID.class),
                address,
                worker,
                row.getInt("tries"),
                row.getString("body"));
    }

    private static @Nullable Moved moved(ResultSet row) throws SQLException {
        double share = row.getDouble("progress");
        return row.wasNull() ? null : new Moved(share, row.getString("progress_message"));
    }

    /// Gives notices back whose call was broken off by our own shutdown. No try is counted.
    void handBack(Collection<Notice> notices) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(HAND_BACK)) {
            statement.setArray(
                    1, uuids(connection, notices.stream().map(Notice::id).toList()));
            statement.setArray(
                    2, ints(connection, notices.stream().map(Notice::claimedBy).toList()));
            statement.setArray(
                    3, ints(connection, notices.stream().map(Notice::tries).toList()));
            statement.executeUpdate();
        }
    }

    private static java.sql.Array uuids(Connection connection, List<UUID> ids) throws SQLException {
        return connection.createArrayOf("uuid", ids.toArray());
    }

    private static java.sql.Array ints(Connection connection, List<Integer> numbers) throws SQLException {
        return connection.createArrayOf("int4", numbers.toArray());
    }
}
