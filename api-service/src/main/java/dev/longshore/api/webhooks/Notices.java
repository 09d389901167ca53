package dev.longshore.api.webhooks;

import dev.longshore.job.JobId;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;

/// What people order about notices. Sending them is the deliverer's work: here they are only put back or given up.
final class Notices {
    /// No id can be of a later time.
    static final Instant LATEST = Instant.ofEpochMilli((1L << 47) - 1);

    // The number of tries stays, and so does the body: a notice that had used up its tries gets one more, another one
    // goes on in its
    // schedule. One that is being sent at this moment is left alone, lest it be sent twice at once.
    private static final String REDELIVER = """
            UPDATE webhook_notice n
               SET status = 'pending',
                   finished_at = NULL,
                   due_at = CASE WHEN n.status <> 'pending' THEN now()
                                 WHEN n.claimed_until > now() THEN n.due_at
                                 ELSE least(n.due_at, now()) END
             WHERE n.notice_id = ?
               AND n.tenant_id + 0 = ?
               AND (n.endpoint_id IS NULL
                    OR EXISTS (SELECT FROM webhook_endpoint e WHERE e.endpoint_id = n.endpoint_id AND e.status = 'enabled'))
            RETURNING n.notice_id
            """;

    // Upwards from the oldest: one that fails again in the meantime is not met twice.
    private static final String RECOVER = """
            WITH failed AS MATERIALIZED (
                SELECT notice_id
                  FROM webhook_notice
                 WHERE tenant_id = ? AND status = 'failed' AND endpoint_id = ? AND notice_id > ?
                 ORDER BY notice_id
                 LIMIT ?
                   FOR UPDATE
            ),
            owed AS (
                UPDATE webhook_notice n
                   SET status = 'pending', finished_at = NULL, due_at = now()
                  FROM failed f
                 WHERE n.notice_id = ANY (ARRAY[f.notice_id])
                RETURNING n.notice_id
            )
            SELECT notice_id
              FROM owed
             ORDER BY notice_id DESC
            """;

    private static final String GIVE_UP = """
            WITH owed AS MATERIALIZED (
                SELECT notice_id
                  FROM webhook_notice
                 WHERE receiver_id = ? AND status = 'pending'
                 LIMIT ?
                   FOR UPDATE
            )
            UPDATE webhook_notice n
               SET status = 'failed', finished_at = clock_timestamp(), claimed_by = NULL, claimed_until = NULL
              FROM owed o
             WHERE n.notice_id = ANY (ARRAY[o.notice_id])
            """;

    private static final String FORGET = """
            DELETE FROM webhook_receiver
             WHERE receiver_id = ?
            """;

    private static final int PAGE = 1_000;

    /// While somebody waits for the answer. The deliverer gives up the rest.
    private static final int MOST_PAGES = 20;

    private final DataSource database;

    Notices(DataSource database) {
        this.database = database;
    }

    /// An endpoint that is off is called for nothing but a test.
    static Refusal disabled() {
        return new Refusal(
                Problem.of(ProblemCode.CONFLICT, "The webhook endpoint is disabled or gone; enable it first."));
    }

    /// Sends a notice again, now.
    ///
    /// @return whether it is on its way; if not, there is no such notice of this tenant, or its endpoint is not
    ///     enabled
    boolean redeliver(int tenantId, UUID noticeId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(REDELIVER)) {
            statement.setObject(1, noticeId);
            statement.setInt(2, tenantId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /// Sends everything again that an endpoint has missed since then.
    ///
    /// @return how many notices
    int recover(int tenantId, UUID endpointId, Instant since) throws SQLException {
        int recovered = 0;
        UUID after = JobId.lowestAt(since);
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(RECOVER)) {
            int met;
            do {
                statement.setInt(1, tenantId);
                statement.setObject(2, endpointId);
                statement.setObject(3, after);
                statement.setInt(4, PAGE);
                met = 0;
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        after = met++ == 0 ? row.getObject(1, UUID.class) : after;
                    }
                }
                recovered += met;
            } while (met == PAGE);
        }
        return recovered;
    }

    /// Fails what is still owed to an endpoint that was switched off or deleted.
    void giveUp(UUID endpointId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(GIVE_UP)) {
            statement.setObject(1, endpointId);
            statement.setInt(2, PAGE);
            int page = 0;
            while (statement.executeUpdate() == PAGE && ++page < MOST_PAGES) {
                // The next ones.
            }
        }
    }

    /// Treats a receiver as one that has never failed.
    void forgetFailures(UUID receiverId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setObject(1, receiverId);
            statement.executeUpdate();
        }
    }
}
