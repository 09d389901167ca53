package dev.longshore.job;

import dev.longshore.lane.Lane;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/// Trades tickets for fenced claims, a page at a time, and finds claims whose worker is gone.
final class Claiming {
    // Two habits keep the planner on one index probe a job whatever it believes about the tables, which it may
    // have looked at when they were empty: "= ANY (ARRAY[...])" in place of "=" leaves no way to join but by the
    // primary key, and LATERAL with OFFSET 0 none but by the one partition that can hold the row.
    private static final String CLAIM = """
            WITH claimed AS (
                UPDATE job_run r
                   SET status = 'processing',
                       epoch = r.epoch + 1,
                       attempt = r.attempt + 1,
                       worker_id = ?,
                       claimed_at = clock_timestamp(),
                       started_at = coalesce(r.started_at, clock_timestamp()),
                       -- Of the claim before, which came to nothing.
                       progress = NULL,
                       progress_message = NULL
                  FROM unnest(?::uuid[]) AS ticket (job_id)
                 WHERE r.job_id = ANY (ARRAY[ticket.job_id])
                   AND r.status = 'queued'
                   -- Back in the backlog: a newer ticket will come for it. Not as IS NOT NULL, lest all that is on the road be read.
                   AND coalesce(r.dispatched_at, '-infinity') > '-infinity'
                   AND r.deadline_at > now()            -- the alarm clock ends it
                   AND r.attempt < r.max_attempts
                   -- A worker that was stopped past its lease and continued must not claim under its old name.
                   AND EXISTS (SELECT 1 FROM worker w WHERE w.worker_id = ? AND w.lease_until > now())
                RETURNING r.*
            ),
            told AS (
                SELECT post_events(false, array_agg(job_id), array_agg(tenant_id), array_agg(epoch), array_agg(lane), array_agg(status),
                                   array_agg(attempt), array_agg(NULL::text), array_agg(notify)) AS posted
                  FROM claimed
            )
            SELECT c.job_id, c.epoch, c.worker_id, c.tenant_id, c.lane, c.attempt, c.max_attempts, c.claimed_at, c.deadline_at,
                   c.fail_on_unknown, c.cancel_requested, c.spent_nanos, c.timeouts, j.operation, coalesce(c.model, j.model) AS model, j.model AS asked_model,
                   j.input, j.options, j.trace_id,
                   (SELECT posted FROM told)
              FROM claimed c
             CROSS JOIN LATERAL (SELECT * FROM job j WHERE j.tenant_id = c.tenant_id AND j.job_id = c.job_id OFFSET 0) AS j
            """;

    private static final String ORPHANS = """
            SELECT c.job_id, c.epoch, c.worker_id, c.tenant_id, c.lane, c.attempt, c.max_attempts, c.claimed_at, c.deadline_at,
                   c.fail_on_unknown, c.cancel_requested, c.spent_nanos, c.timeouts, j.operation, coalesce(c.model, j.model) AS model, j.model AS asked_model,
                   j.input, j.options, j.trace_id
              FROM (SELECT *
                      FROM job_run r
                     WHERE r.dispatched_at IS NOT NULL
                       AND r.status = 'processing'
                       AND NOT EXISTS (SELECT 1 FROM worker w WHERE w.worker_id = r.worker_id AND w.lease_until > now())
                     LIMIT ?) AS c
             CROSS JOIN LATERAL (SELECT * FROM job j WHERE j.tenant_id = c.tenant_id AND j.job_id = c.job_id OFFSET 0) AS j
            """;

    private static final String CLAIMED_BY = """
            SELECT c.job_id, c.epoch, c.worker_id, c.tenant_id, c.lane, c.attempt, c.max_attempts, c.claimed_at, c.deadline_at,
                   c.fail_on_unknown, c.cancel_requested, c.spent_nanos, c.timeouts, j.operation, coalesce(c.model, j.model) AS model, j.model AS asked_model,
                   j.input, j.options, j.trace_id
              FROM (SELECT *
                      FROM job_run r
                     WHERE r.dispatched_at IS NOT NULL AND r.status = 'processing' AND r.worker_id = ?) AS c
             CROSS JOIN LATERAL (SELECT * FROM job j WHERE j.tenant_id = c.tenant_id AND j.job_id = c.job_id OFFSET 0) AS j
            """;

    private final DataSource database;
    private final ChangeListener listener;

    Claiming(DataSource database, ChangeListener listener) {
        this.database = database;
        this.listener = listener;
    }

    List<ClaimedJob> claim(int workerId, List<UUID> jobIds) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setInt(1, workerId);
            statement.setArray(2, connection.createArrayOf("uuid", JobId.inOrder(jobIds)));
            statement.setInt(3, workerId);
            List<ClaimedJob> claimed = read(statement);
            if (!claimed.isEmpty()) {
                listener.changed(0, claimed.stream().map(Claiming::change).toList());
            }
            return claimed;
        }
    }

    private static Change change(ClaimedJob job) {
        return new Change(
                job.id(),
                job.tenantId(),
                job.epoch(),
                job.lane(),
                JobStatus.PROCESSING,
                job.attempt(),
                null,
                job.claimedAt());
    }

    /// Whoever made these claims may have died before it told of them.
    List<ClaimedJob> orphans(int limit) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(ORPHANS)) {
            statement.setInt(1, limit);
            List<ClaimedJob> orphans = read(statement);
            if (!orphans.isEmpty()) {
                listener.changed(0, orphans.stream().map(Claiming::change).toList());
            }
            return orphans;
        }
    }

    /// Whoever asks has lost an answer, and has not told of the claims that were in it.
    List<ClaimedJob> claimedBy(int workerId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(CLAIMED_BY)) {
            statement.setInt(1, workerId);
            List<ClaimedJob> held = read(statement);
            if (!held.isEmpty()) {
                listener.changed(0, held.stream().map(Claiming::change).toList());
            }
            return held;
        }
    }

    private static List<ClaimedJob> read(PreparedStatement statement) throws SQLException {
        List<ClaimedJob> claimed = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                claimed.add(new ClaimedJob(
                        new JobId(row.getObject(1, UUID.class)),
                        row.getInt(2),
                        row.getInt(3),
                        row.getInt(4),
                        Lane.of(row.getString(5)).orElseThrow(),
                        row.getInt(6),
                        row.getInt(7),
                        row.getTimestamp(8).toInstant(),
                        row.getTimestamp(9).toInstant(),
                        row.getBoolean(10),
                        row.getBoolean(11),
                        row.getLong(12),
                        row.getInt(13),
                        row.getString(14),
                        row.getString(15),
                        row.getString(16),
                        row.getString(17),
                        row.getString(18),
                        row.getObject(19, UUID.class)));
            }
        }
        return claimed;
    }
}
