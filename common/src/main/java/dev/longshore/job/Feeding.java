package dev.longshore.job;

import dev.longshore.lane.Lane;
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

/// Moves jobs between the backlog and the road.
final class Feeding {
    // Tenants are found by hopping from one to the next in the index, so the cost follows the number of
    // tenants, not of jobs.
    private static final String FEED = """
            WITH RECURSIVE turn AS (
                (SELECT tenant_id
                   FROM job_run
                  WHERE lane = ?::lane AND dispatched_at IS NULL AND wait_reason IS NULL
                  ORDER BY tenant_id
                  LIMIT 1)
                UNION ALL
                SELECT (SELECT r.tenant_id
                          FROM job_run r
                         WHERE r.lane = ?::lane AND r.dispatched_at IS NULL AND r.wait_reason IS NULL AND r.tenant_id > turn.tenant_id
                         ORDER BY r.tenant_id
                         LIMIT 1)
                  FROM turn
                 WHERE turn.tenant_id IS NOT NULL
            ),
            picked AS MATERIALIZED (
                SELECT head.job_id, head.place, turn.tenant_id
                  FROM turn
                 CROSS JOIN LATERAL (
                       SELECT h.job_id, row_number() OVER (ORDER BY h.rank, h.job_id) AS place
                         FROM (SELECT r.job_id, r.rank
                                 FROM job_run r
                                WHERE r.lane = ?::lane AND r.dispatched_at IS NULL AND r.wait_reason IS NULL
                                  AND r.tenant_id = turn.tenant_id
                                ORDER BY r.rank, r.job_id
                                -- Twice a fair share each, and at least LEAST_SHARE: when this leaves room unfilled, more than half of
                                -- the tenants have no more.
                                LIMIT (SELECT greatest(8, 2 * ? / greatest(count(*), 1)) FROM turn)) AS h) AS head
                 WHERE turn.tenant_id IS NOT NULL
                 -- One job a tenant and round; a round that the last feeding broke off goes on behind the tenant that it ended with.
                 ORDER BY head.place, turn.tenant_id <= ?, turn.tenant_id
                 LIMIT ?
            ),
            dispatched AS (
                UPDATE job_run r
                   SET dispatched_at = now()
                  -- In the order of their ids: feeders that do not know of each other pick the same jobs in other turns.
                  FROM (SELECT * FROM picked ORDER BY job_id) AS picked
                 WHERE r.job_id = ANY (ARRAY[picked.job_id])
                   AND r.status = 'queued'
                   -- Not as IS NULL, lest the whole backlog be read.
                   AND coalesce(r.dispatched_at, '-infinity') = '-infinity'
                RETURNING r.job_id, r.tenant_id, picked.place
            )
            SELECT job_id, tenant_id
              FROM dispatched
             ORDER BY place, tenant_id <= ?, tenant_id
            """;

    private static final String UNDISPATCH = """
            UPDATE job_run r
               SET dispatched_at = NULL
              FROM unnest(?::uuid[]) AS unsent (job_id)
             WHERE r.job_id = ANY (ARRAY[unsent.job_id])
               AND r.status = 'queued'
               AND coalesce(r.dispatched_at, '-infinity') > '-infinity'
            """;

    // In the order of their ids, as claims lock them; one that is being claimed at this moment is not lost.
    private static final String REISSUE = """
            WITH lost AS MATERIALIZED (
                SELECT job_id
                  FROM job_run
                 WHERE dispatched_at < now() - ? * interval '1 millisecond'
                   AND status = 'queued'
                   AND lane = ?::lane
                 ORDER BY job_id
                   FOR UPDATE SKIP LOCKED
            )
            UPDATE job_run r
               SET dispatched_at = NULL
              FROM lost
             WHERE r.job_id = ANY (ARRAY[lost.job_id])
            """;

    private static final String BACKLOG = """
            SELECT count(*)
              FROM (SELECT
                      FROM job_run
                     WHERE lane = ?::lane AND dispatched_at IS NULL AND wait_reason IS NULL
                     LIMIT ?) AS b
            """;

    /// What every tenant may have in one pass, however many there are. A pass that fed less than this has
    /// cut nobody short.
    private static final int LEAST_SHARE = 8;

    private final DataSource database;

    Feeding(DataSource database) {
        this.database = database;
    }

    /// Feeds in passes, each its own statement, until the room is filled or nothing is left. Each pass that
    /// leaves room takes more than half of the tenants out of the next.
    List<JobStore.Fed> feed(Lane lane, int room, int afterTenant) throws SQLException {
        List<JobStore.Fed> fed = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(FEED)) {
            int after = afterTenant;
            int before;
            do {
                before = fed.size();
                pass(statement, lane, room - before, after, fed);
                after = fed.isEmpty() ? after : fed.getLast().tenantId();
            } while (fed.size() < room && fed.size() - before >= LEAST_SHARE);
        }
        return fed;
    }

    private static void pass(PreparedStatement statement, Lane lane, int room, int afterTenant, List<JobStore.Fed> fed)
            throws SQLException {
        statement.setString(1, lane.word());
        statement.setString(2, lane.word());
        statement.setString(3, lane.word());
        statement.setInt(4, room);
        statement.setInt(5, afterTenant);
        statement.setInt(6, room);
        statement.setInt(7, afterTenant);
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                fed.add(new JobStore.Fed(row.getObject(1, UUID.class), row.getInt(2)));
            }
        }
    }

    int undispatch(Collection<UUID> jobIds) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(UNDISPATCH)) {
            statement.setArray(1, connection.createArrayOf("uuid", JobId.inOrder(jobIds)));
            return statement.executeUpdate();
        }
    }

    int reissue(Lane lane, Duration dispatchedBefore) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(REISSUE)) {
            statement.setLong(1, dispatchedBefore.toMillis());
            statement.setString(2, lane.word());
            return statement.executeUpdate();
        }
    }

    long backlog(Lane lane, long limit) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(BACKLOG)) {
            statement.setString(1, lane.word());
            statement.setLong(2, limit);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
