package dev.longshore.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/// The alarm clock: ends waits that are over, jobs whose deadline has passed, and keys that have expired. Several
/// may ring at once; locked rows are left to whoever holds them.
final class Waking {
    private static final String WAKE = """
            WITH due AS MATERIALIZED (
                SELECT job_id
                  FROM job_run
                 WHERE wake_at <= now() AND status = 'waiting' AND deadline_at > now()
                 ORDER BY wake_at
                 LIMIT ?
                   FOR UPDATE SKIP LOCKED
            ),
            woken AS (
                UPDATE job_run r
                   SET status = 'queued', wait_reason = NULL, wait_detail = NULL, wake_at = r.deadline_at
                  FROM due
                 WHERE r.job_id = ANY (ARRAY[due.job_id])
                RETURNING r.*
            ),
            noted AS (
                INSERT INTO job_note (job_id, epoch, at, kind, who)
                SELECT job_id, epoch, clock_timestamp(), 'woken', 'alarm clock'
                  FROM woken
            ),
            told AS (
                SELECT post_events(true, array_agg(job_id), array_agg(tenant_id), array_agg(epoch), array_agg(lane), array_agg(status),
                                   array_agg(attempt), array_agg(NULL::text), array_agg(notify)) AS posted
                  FROM woken
            )
            SELECT count(*), (SELECT posted FROM told)
              FROM woken
            """;

    // The most urgent lane first, in each the one that has waited for longest.
    private static final String WAKE_HELD = """
            WITH held AS MATERIALIZED (
                SELECT job_id
                  FROM job_run
                 WHERE model = ?
                   AND wait_reason IN ('rate_limited', 'circuit_open', 'concurrency', 'provider_quota')
                   AND deadline_at > now()
                 ORDER BY lane, wake_at
                 LIMIT ?
                   FOR UPDATE SKIP LOCKED
            ),
            woken AS (
                UPDATE job_run r
                   SET status = 'queued', wait_reason = NULL, wait_detail = NULL, wake_at = r.deadline_at
                  FROM held
                 WHERE r.job_id = ANY (ARRAY[held.job_id])
                   AND r.status = 'waiting'
                RETURNING r.*
            ),
            noted AS (
                INSERT INTO job_note (job_id, epoch, at, kind, who)
                SELECT job_id, epoch, clock_timestamp(), 'woken', 'provider allows more'
                  FROM woken
            ),
            told AS (
                SELECT post_events(true, array_agg(job_id), array_agg(tenant_id), array_agg(epoch), array_agg(lane), array_agg(status),
                                   array_agg(attempt), array_agg(NULL::text), array_agg(notify)) AS posted
                  FROM woken
            )
            SELECT count(*), (SELECT posted FROM told)
              FROM woken
            """;

    // A running job is left to its worker, which stops the call at the deadline and settles it with what it
    // knows.
    private static final String EXPIRE = """
            WITH due AS MATERIALIZED (
                SELECT job_id
                  FROM job_run
                 WHERE wake_at <= now() AND status IN ('waiting', 'queued', 'awaiting_review') AND deadline_at <= now()
                 ORDER BY wake_at
                 LIMIT ?
                   FOR UPDATE SKIP LOCKED
            ),
            ended AS (
                DELETE FROM job_run r
                 USING due
                 WHERE r.job_id = ANY (ARRAY[due.job_id])
                RETURNING r.*
            ),
            recorded AS (
                INSERT INTO job_outcome (job_id, finished_at, deadline_at, started_at, claimed_at, cost_nanos, tenant_id, epoch, lane,
                                         status, attempt, error_code, error_message)
                SELECT job_id, clock_timestamp(), deadline_at, started_at, claimed_at, spent_nanos, tenant_id, epoch, lane, 'failed',
                       attempt, 'DEADLINE_EXCEEDED',
                       CASE status
                           WHEN 'queued' THEN 'The job''s deadline passed while it was queued.'
                           ELSE 'The job''s deadline passed while it was waiting: ' || wait_reason || coalesce(', ' || wait_detail, '') || '.'
                       END
                  FROM ended
            ),
            told AS (
                SELECT post_events(true, array_agg(job_id), array_agg(tenant_id), array_agg(epoch), array_agg(lane), array_agg('failed'::job_status),
                                   array_agg(attempt), array_agg('DEADLINE_EXCEEDED'::text), array_agg(notify)) AS posted
                  FROM ended
            )
            SELECT count(*), (SELECT posted FROM told)
              FROM ended
            """;

    private final DataSource database;
    private final ChangeListener listener;

    Waking(DataSource database, ChangeListener listener) {
        this.database = database;
        this.listener = listener;
    }

    int wake(int limit) throws SQLException {
        return upTo(limit, WAKE);
    }

    int wakeHeld(String model, int limit) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(WAKE_HELD)) {
            statement.setString(1, model);
            statement.setInt(2, limit);
            return count(statement);
        }
    }

    int expire(int limit) throws SQLException {
        return upTo(limit, EXPIRE);
    }

    private int upTo(int limit, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, limit);
            return count(statement);
        }
    }

    private int count(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            int count = row.getInt(1);
            if (count > 0) {
                listener.changed(row.getLong(2), List.of());
            }
            return count;
        }
    }
}
