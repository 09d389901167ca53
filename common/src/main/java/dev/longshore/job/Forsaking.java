package dev.longshore.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import javax.sql.DataSource;

/// Books calls of which no claim tells: what they may have cost is held, as with any call that was cut off.
final class Forsaking {
    private static final String BOOK = """
            WITH forsaken AS (
                SELECT o.job_id, o.tenant_id, CASE o.status WHEN 'cancelled' THEN 'CANCELLED' ELSE o.error_code END AS error_code
                  FROM job_outcome o
                 WHERE o.job_id = ?
                 UNION ALL
                -- The job goes on without it.
                SELECT r.job_id, r.tenant_id, NULL
                  FROM job_run r
                 WHERE r.job_id = ? AND r.epoch > ?
            ),
            tried AS (
                INSERT INTO attempt (job_id, epoch, tenant_id, worker_id, started_at, ended_at, cost_nanos, held_nanos, input_tokens,
                                     cached_input_tokens, output_tokens, outcome, attempt, charged, provider, model, error_code,
                                     provider_request_id)
                SELECT f.job_id, ?, f.tenant_id, ?, ?, clock_timestamp(), 0, ?, 0, 0, 0, 'interrupted',
                       1 + (SELECT count(*) FROM attempt a WHERE a.job_id = f.job_id AND a.epoch < ? AND a.charged), false, ?, ?,
                       f.error_code, ?
                  FROM forsaken f
                -- The claim that made it may have told of it after all.
                ON CONFLICT (job_id, epoch) DO NOTHING
                RETURNING tenant_id, model
            )
            INSERT INTO usage_total AS u (day, tenant_id, shard, model, attempts, completed, input_tokens, cached_input_tokens,
                                          output_tokens, cost_nanos)
            SELECT (now() AT TIME ZONE 'UTC')::date, tenant_id, ?, model, 1, 0, 0, 0, 0, 0
              FROM tried
            ON CONFLICT (tenant_id, day, model, shard) DO UPDATE
               SET attempts = u.attempts + excluded.attempts
            """;

    private final DataSource database;

    Forsaking(DataSource database) {
        this.database = database;
    }

    boolean book(ForsakenCall call, int shard) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(BOOK)) {
            statement.setObject(1, call.job().uuid());
            statement.setObject(2, call.job().uuid());
            statement.setInt(3, call.epoch());
            statement.setInt(4, call.epoch());
            statement.setInt(5, call.workerId());
            statement.setTimestamp(6, Timestamp.from(call.startedAt()));
            statement.setLong(7, call.held().nanos());
            statement.setInt(8, call.epoch());
            statement.setString(9, call.provider());
            statement.setString(10, call.model());
            statement.setString(11, call.requestId());
            statement.setInt(12, shard);
            return statement.executeUpdate() == 1;
        }
    }
}
