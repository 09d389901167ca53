package dev.longshore.worker.delivery;

import dev.longshore.worker.delivery.Ruling.Again;
import dev.longshore.worker.delivery.Ruling.Delivered;
import dev.longshore.worker.delivery.Ruling.Dropped;
import dev.longshore.worker.delivery.Ruling.GivenUp;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Writes down how tries ended, a group in one transaction: each in the log, what it did to its notice, and what all of
/// them say about their receivers. Nothing is written about a receiver that is well.
final class DeliveryBook {
    // A delivery counts whoever made it. Anything else counts only for the claim that it was made under: the notice may
    // have been claimed again, sent, switched off or asked for anew since. The log has them all.
    private static final String WRITE = """
            WITH ended AS MATERIALIZED (
                SELECT *
                  FROM unnest(?::uuid[], ?::int[], ?::int[], ?::text[], ?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::text[], ?::text[])
                       AS e (notice_id, claimed_by, tries, status, after_ms, at_ms, latency_ms, status_code, answer, error)
            ),
            -- In the order of their ids, as everybody locks them.
            locked AS MATERIALIZED (
                SELECT e.*,
                       n.status = 'pending' AND (e.status = 'delivered' OR n.claimed_by = e.claimed_by AND n.tries = e.tries) AS counts
                  FROM ended e
                  JOIN webhook_notice n ON n.notice_id = e.notice_id
                 ORDER BY e.notice_id
                   FOR UPDATE OF n
            ),
            changed AS (
                UPDATE webhook_notice n
                   SET tries = n.tries + 1,
                       status = CASE WHEN l.counts THEN l.status ELSE n.status END,
                       due_at = CASE WHEN l.counts AND l.status = 'pending' THEN now() + l.after_ms * interval '1 millisecond'
                                     ELSE n.due_at END,
                       claimed_by = CASE WHEN l.counts THEN NULL ELSE n.claimed_by END,
                       claimed_until = CASE WHEN l.counts THEN NULL ELSE n.claimed_until END,
                       finished_at = CASE WHEN l.counts AND l.status <> 'pending' THEN now() ELSE n.finished_at END
                  FROM locked l
                 WHERE n.notice_id = l.notice_id
                RETURNING n.notice_id, n.tries, l.counts, l.status, l.at_ms, l.latency_ms, l.status_code, l.answer, l.error
            ),
            logged AS (
                INSERT INTO webhook_attempt (notice_id, at, latency_ms, try, status_code, answer, error)
                SELECT notice_id, to_timestamp(at_ms / 1000.0), latency_ms, tries, status_code, answer, error
                  FROM changed
            )
            SELECT status FROM changed WHERE counts
            """;

    private static final String FORGET = """
            DELETE FROM webhook_receiver
             WHERE receiver_id = ANY (?::uuid[])
            """;

    private static final String REMEMBER = """
            INSERT INTO webhook_receiver AS r (receiver_id, tenant_id, endpoint_id, origin, consecutive_failures, failing_since, open_until)
            SELECT t.receiver_id, t.tenant_id, t.endpoint_id, t.origin, t.failures, now(),
                   CASE WHEN t.rest_ms > 0 THEN now() + t.rest_ms * interval '1 millisecond' END
              FROM unnest(?::uuid[], ?::int[], ?::uuid[], ?::text[], ?::int[], ?::bigint[])
                   AS t (receiver_id, tenant_id, endpoint_id, origin, failures, rest_ms)
            ON CONFLICT (receiver_id) DO UPDATE
               SET consecutive_failures = least(r.consecutive_failures::bigint + excluded.consecutive_failures, 1000000000),
                   failing_since = coalesce(r.failing_since, excluded.failing_since),
                   open_until = greatest(r.open_until, excluded.open_until)
            RETURNING receiver_id, endpoint_id, consecutive_failures,
                      (extract(epoch FROM now() - failing_since) * 1000)::bigint
            """;

    private static final String REST = """
            UPDATE webhook_receiver r
               SET open_until = greatest(r.open_until, now() + t.rest_ms * interval '1 millisecond')
              FROM unnest(?::uuid[], ?::bigint[]) AS t (receiver_id, rest_ms)
             WHERE r.receiver_id = t.receiver_id
            """;

    private final DataSource database;

    DeliveryBook(DataSource database) {
        this.database = database;
    }

    /// What was written, as far as somebody has to act on it.
    ///
    /// @param delivered notices that are delivered now
    /// @param failed notices that are given up now
    /// @param hopeless endpoints that have only failed for too long
    record Written(int delivered, int failed, List<UUID> hopeless) {}

    Written write(List<Done> group) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                List<String> statuses = notices(connection, group);
                List<UUID> hopeless = receivers(connection, Toll.of(group));
                connection.commit();
                return new Written(count(statuses, "delivered"), count(statuses, "failed"), hopeless);
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static int count(List<String> statuses, String status) {
        return (int) statuses.stream().filter(status::equals).count();
    }

    private static List<String> notices(Connection connection, List<Done> group) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setArray(
                    1, array(connection, "uuid", group, done -> done.notice().id()));
            statement.setArray(
                    2, array(connection, "int4", group, done -> done.notice().claimedBy()));
            statement.setArray(
                    3, array(connection, "int4", group, done -> done.notice().tries()));
            statement.setArray(4, array(connection, "text", group, done -> status(done.ruling())));
            statement.setArray(5, array(connection, "int8", group, done -> after(done.ruling())));
            statement.setArray(
                    6, array(connection, "int8", group, done -> done.at().toEpochMilli()));
            statement.setArray(7, array(connection, "int4", group, done -> millis(done.latency())));
            statement.setArray(8, array(connection, "int4", group, Done::statusCode));
            statement.setArray(9, array(connection, "text", group, Done::answer));
            statement.setArray(10, array(connection, "text", group, Done::error));
            List<String> statuses = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    statuses.add(row.getString(1));
                }
            }
            return statuses;
        }
    }

    private static String status(Ruling ruling) {
        return switch (ruling) {
            case Delivered _ -> "delivered";
            case Again _ -> "pending";
            case GivenUp _, Dropped _ -> "failed";
        };
    }

    private static @Nullable Long after(Ruling ruling) {
        return ruling instanceof Again again ? again.after().toMillis() : null;
    }

    private static int millis(Duration latency) {
        return Math.clamp(latency.toMillis(), 0, Integer.MAX_VALUE);
    }

    private static List<UUID> receivers(Connection connection, List<Toll> tolls) throws SQLException {
        List<Toll> recovered = tolls.stream().filter(Toll::recovered).toList();
        if (!recovered.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
                statement.setArray(1, array(connection, "uuid", recovered, Toll::receiverId));
                statement.executeUpdate();
            }
        }
        List<Toll> bad = tolls.stream().filter(Toll::isBad).toList();
        return bad.isEmpty() ? List.of() : remember(connection, bad);
    }

    private static List<UUID> remember(Connection connection, List<Toll> bad) throws SQLException {
        List<UUID> hopeless = new ArrayList<>();
        List<UUID> resting = new ArrayList<>();
        List<Long> rests = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(REMEMBER)) {
            statement.setArray(1, array(connection, "uuid", bad, Toll::receiverId));
            statement.setArray(2, array(connection, "int4", bad, Toll::tenantId));
            statement.setArray(3, array(connection, "uuid", bad, Toll::endpointId));
            statement.setArray(4, array(connection, "text", bad, Toll::origin));
            statement.setArray(5, array(connection, "int4", bad, Toll::failures));
            statement.setArray(
                    6, array(connection, "int8", bad, toll -> toll.rest().toMillis()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ReceiverHealth health = new ReceiverHealth(row.getInt(3), Duration.ofMillis(row.getLong(4)));
                    UUID endpoint = row.getObject(2, UUID.class);
                    if (health.isHopeless() && endpoint != null) {
                        hopeless.add(endpoint);
                    }
                    if (health.rest().isPositive()) {
                        resting.add(row.getObject(1, UUID.class));
                        rests.add(health.rest().toMillis());
                    }
                }
            }
        }
        if (!resting.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement(REST)) {
                statement.setArray(1, connection.createArrayOf("uuid", resting.toArray()));
                statement.setArray(2, connection.createArrayOf("int8", rests.toArray()));
                statement.executeUpdate();
            }
        }
        return hopeless;
    }

    private static <R> java.sql.Array array(
            Connection connection, String type, List<R> rows, Function<R, ? extends @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }
}
