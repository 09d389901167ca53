package dev.longshore.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/// What people order: cancel, replay, discard. Each names the tenant, so that another tenant's job is as
/// good as none.
final class Ordering {
    private static final String CANCEL_OPEN = """
            WITH ended AS (
                DELETE FROM job_run
                 WHERE job_id = ? AND tenant_id = ? AND status IN ('waiting', 'queued', 'awaiting_review')
                RETURNING *
            ),
            recorded AS (
                INSERT INTO job_outcome (job_id, finished_at, deadline_at, started_at, claimed_at, cost_nanos, tenant_id, epoch, lane,
                                         status, attempt)
                SELECT job_id, clock_timestamp(), deadline_at, started_at, claimed_at, spent_nanos, tenant_id, epoch, lane, 'cancelled',
                       attempt
                  FROM ended
            ),
            noted AS (
                INSERT INTO job_note (job_id, epoch, at, kind, who)
                SELECT job_id, epoch, clock_timestamp(), 'cancel_requested', ?
                  FROM ended
            ),
            told AS (
                SELECT post_events(true, array_agg(job_id), array_agg(tenant_id), array_agg(epoch), array_agg(lane), array_agg('cancelled'::job_status),
                                   array_agg(attempt), array_agg(NULL::text), array_agg(notify)) AS posted
                  FROM ended
            )
            SELECT count(*), (SELECT posted FROM told)
              FROM ended
            """;

    private static final String CANCEL_RUNNING = """
            WITH flagged AS (
                UPDATE job_run
                   SET cancel_requested = true
                 WHERE job_id = ? AND tenant_id = ? AND status = 'processing' AND NOT cancel_requested
                RETURNING job_id, epoch
            ),
            noted AS (
                INSERT INTO job_note (job_id, epoch, at, kind, who)
                SELECT job_id, epoch, clock_timestamp(), 'cancel_requested', ?
                  FROM flagged
            )
            SELECT (SELECT count(*) FROM flagged)
                 + (SELECT count(*) FROM job_run WHERE job_id = ? AND tenant_id = ? AND status = 'processing' AND cancel_requested)
            """;

    private static final String TO_BE_CANCELLED = """
            SELECT job_id, epoch
              FROM job_run
             WHERE cancel_requested AND worker_id = ? AND status = 'processing'
            """;

    // Tenant and status are compared as expressions, lest all of a tenant's dead letters be read for a few.
    // The epoch goes on after where it was, so that nobody from the job's earlier life can write into the new one, and
    // what happens in
    // this life comes after all that happened in the one before (EventSequence).
    private static final String REPLAY = """
            WITH dead AS (
                DELETE FROM job_outcome o
                 USING unnest(?::uuid[]) AS ordered (job_id)
                 WHERE o.job_id = ANY (ARRAY[ordered.job_id]) AND o.tenant_id + 0 = ? AND o.status::text = 'failed'
                RETURNING o.*
            ),
            revived AS (
                INSERT INTO job_run (job_id, deadline_at, wake_at, rank, spent_nanos, tenant_id, epoch, lane, status, max_attempts,
                                     priority, fail_on_unknown, notify)
                SELECT d.job_id, now() + j.deadline, now() + j.deadline, now() - j.priority * interval '1 second', d.cost_nanos,
                       d.tenant_id, d.epoch + 1, d.lane, 'queued', j.max_attempts, j.priority, j.fail_on_unknown,
                       EXISTS (SELECT FROM job_webhook w WHERE w.job_id = d.job_id OFFSET 0)
                  FROM dead d
                 CROSS JOIN LATERAL (SELECT * FROM job j WHERE j.tenant_id = d.tenant_id AND j.job_id = d.job_id OFFSET 0) AS j
                RETURNING *
            ),
            noted AS (
                INSERT INTO job_note (job_id, epoch, at, kind, who, detail)
                SELECT job_id, epoch + 1, clock_timestamp(), 'replayed', ?,
                       jsonb_build_object('failed_at', finished_at, 'error_code', error_code, 'error_message', error_message)
                  FROM dead
            ),
            told AS (
                SELECT post_events(true, array_agg(job_id), array_agg(tenant_id), array_agg(epoch), array_agg(lane), array_agg(status),
                                   array_agg(attempt), array_agg(NULL::text), array_agg(notify)) AS posted
                  FROM revived
            )
            SELECT job_id, (SELECT posted FROM told)
              FROM revived
            """;

    private static final String DISCARD = """
            WITH gone AS (
                UPDATE job_outcome o
                   SET discarded_at = clock_timestamp()
                  FROM unnest(?::uuid[]) AS ordered (job_id)
                 WHERE o.job_id = ANY (ARRAY[ordered.job_id]) AND o.tenant_id + 0 = ? AND o.status::text = 'failed' AND o.discarded_at IS NULL
                RETURNING o.job_id, o.epoch
            ),
            noted AS (
                INSERT INTO job_note (job_id, epoch, at, kind, who)
                SELECT job_id, epoch, clock_timestamp(), 'discarded', ?
                  FROM gone
            )
            SELECT job_id
              FROM gone
            """;

    private final DataSource database;
    private final ChangeListener listener;

    Ordering(DataSource database, ChangeListener listener) {
        this.database = database;
        this.listener = listener;
    }

    JobStore.CancelAnswer cancel(int tenantId, UUID jobId, String who) throws SQLException {
        try (Connection connection = database.getConnection()) {
            // A job can be claimed between the two looks, and handed back between the next two: look again,
            // but not for ever.
            for (int look = 0; look < 3; look++) {
                try (PreparedStatement statement = connection.prepareStatement(CANCEL_OPEN)) {
                    statement.setObject(1, jobId);
                    statement.setInt(2, tenantId);
                    statement.setString(3, who);
                    if (isEnded(statement)) {
                        return JobStore.CancelAnswer.ENDED;
                    }
                }
                try (PreparedStatement statement = connection.prepareStatement(CANCEL_RUNNING)) {
                    statement.setObject(1, jobId);
                    statement.setInt(2, tenantId);
                    statement.setString(3, who);
                    statement.setObject(4, jobId);
                    statement.setInt(5, tenantId);
                    if (count(statement) > 0) {
                        return JobStore.CancelAnswer.STOPPING;
                    }
                }
            }
            return JobStore.CancelAnswer.NOT_OPEN;
        }
    }

    Set<JobStore.Claim> toBeCancelled(int workerId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(TO_BE_CANCELLED)) {
            statement.setInt(1, workerId);
            Set<JobStore.Claim> claims = new HashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    claims.add(new JobStore.Claim(new JobId(row.getObject(1, UUID.class)), row.getInt(2)));
                }
            }
            return claims;
        }
    }

    List<JobId> replay(int tenantId, Collection<UUID> jobIds, String who) throws SQLException {
        long[] posted = {0};
        List<JobId> replayed = order(REPLAY, tenantId, jobIds, who, row -> posted[0] = row.getLong(2));
        if (!replayed.isEmpty()) {
            listener.changed(posted[0], List.of());
        }
        return replayed;
    }

    List<JobId> discard(int tenantId, Collection<UUID> jobIds, String who) throws SQLException {
        return order(DISCARD, tenantId, jobIds, who, _ -> {});
    }

    private interface Reading {
        void row(ResultSet row) throws SQLException;
    }

    private List<JobId> order(String sql, int tenantId, Collection<UUID> jobIds, String who, Reading more)
            throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("uuid", JobId.inOrder(jobIds)));
            statement.setInt(2, tenantId);
            statement.setString(3, who);
            List<JobId> done = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    done.add(new JobId(row.getObject(1, UUID.class)));
                    more.row(row);
                }
            }
            return done;
        }
    }

    private boolean isEnded(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            if (row.getInt(1) == 0) {
                return false;
            }
            listener.changed(row.getLong(2), List.of());
            return true;
        }
    }

    private static int count(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }
}
