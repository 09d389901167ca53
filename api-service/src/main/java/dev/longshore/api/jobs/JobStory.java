package dev.longshore.api.jobs;

import dev.longshore.api.jobs.AttemptView.Failure;
import dev.longshore.job.JobId;
import dev.longshore.money.Usd;
import dev.longshore.view.JobView.Usage;
import dev.longshore.view.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Reads what has happened to a job: its attempts, and everything in order.
final class JobStory {
    /// No job has more attempts or notes that anybody wants to read.
    private static final int MOST = 1_000;

    private static final String EXISTS = """
            SELECT 1
              FROM job
             WHERE tenant_id = ? AND job_id = ?
            """;

    // The attempt that is under way has no row of its own yet: the claim is its record.
    private static final String ATTEMPTS = """
            SELECT epoch, attempt, outcome::text AS status, charged, provider, model, started_at, ended_at, first_byte_ms, http_status,
                   error_code, error_message, input_tokens, cached_input_tokens, output_tokens, cost_nanos, held_nanos,
                   provider_request_id, worker_id
              FROM attempt
             WHERE job_id = ?
            UNION ALL
            SELECT r.epoch, r.attempt, 'running', true, NULL, coalesce(r.model, j.model), r.claimed_at, NULL, NULL, NULL,
                   NULL, NULL, 0, 0, 0, 0, 0,
                   NULL, r.worker_id
              FROM job_run r
             CROSS JOIN LATERAL (SELECT * FROM job WHERE tenant_id = r.tenant_id AND job_id = r.job_id OFFSET 0) AS j
             WHERE r.job_id = ? AND r.status = 'processing'
             ORDER BY epoch
             LIMIT ?
            """;

    // What happens at one moment is told in the order in which it must have happened.
    private static final String TIMELINE = """
            SELECT *
              FROM (SELECT to_timestamp(? / 1000.0) AS at, 0 AS place, 0::bigint AS note_id,
                           CASE WHEN run_at IS NULL THEN 'queued' ELSE 'waiting' END AS status,
                           'accepted' AS reason, 'client' AS who,
                           CASE WHEN run_at IS NOT NULL THEN jsonb_build_object('run_at', run_at) END::text AS detail
                      FROM job
                     WHERE tenant_id = ? AND job_id = ?
                    UNION ALL
                    SELECT at, CASE WHEN kind = 'waiting' THEN 3 ELSE 4 END, note_id,
                           CASE kind
                               WHEN 'waiting' THEN 'waiting'
                               WHEN 'woken' THEN 'queued'
                               WHEN 'rescued' THEN 'queued'
                               WHEN 'handed_back' THEN 'queued'
                               WHEN 'fell_back' THEN 'queued'
                               WHEN 'replayed' THEN 'queued'
                               WHEN 'reissued' THEN 'queued'
                               WHEN 'discarded' THEN 'failed'
                           END,
                           CASE WHEN kind = 'waiting' THEN coalesce(detail ->> 'reason', kind) ELSE kind END,
                           who, detail::text
                      FROM job_note
                     WHERE job_id = ?
                    UNION ALL
                    SELECT started_at, 1, epoch, 'processing', 'claimed', 'worker ' || worker_id,
                           jsonb_build_object('epoch', epoch, 'attempt', attempt, 'model', model)::text
                      FROM attempt
                     WHERE job_id = ?
                    UNION ALL
                    SELECT ended_at, 2, epoch, 'processing', outcome::text, coalesce('provider ' || provider, 'worker ' || worker_id),
                           jsonb_strip_nulls(jsonb_build_object('epoch', epoch, 'http_status', http_status, 'error_code', error_code))::text
                      FROM attempt
                     WHERE job_id = ?
                    UNION ALL
                    SELECT claimed_at, 1, epoch, 'processing', 'claimed', 'worker ' || worker_id,
                           jsonb_build_object('epoch', epoch, 'attempt', attempt)::text
                      FROM job_run
                     WHERE job_id = ? AND status = 'processing'
                    UNION ALL
                    SELECT finished_at, 5, 0, status::text, coalesce(lower(error_code), status::text), 'platform',
                           jsonb_strip_nulls(jsonb_build_object('error_code', error_code, 'message', error_message))::text
                      FROM job_outcome
                     WHERE job_id = ?) AS story
             ORDER BY date_trunc('milliseconds', at), place, note_id
             LIMIT ?
            """;

    private final DataSource database;

    JobStory(DataSource database) {
        this.database = database;
    }

    /// The attempts of a job in their order; empty when the tenant has no such job.
    Optional<List<AttemptView>> attempts(int tenantId, JobId job) throws SQLException {
        return Snapshot.of(database, connection -> {
            if (!exists(connection, tenantId, job)) {
                return Optional.empty();
            }
            List<AttemptView> attempts = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(ATTEMPTS)) {
                statement.setObject(1, job.uuid());
                statement.setObject(2, job.uuid());
                statement.setInt(3, MOST);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        attempts.add(attempt(row));
                    }
                }
            }
            return Optional.of(attempts);
        });
    }

    /// What happened to a job, in order; empty when the tenant has no such job.
    Optional<List<TimelineEntry>> timeline(int tenantId, JobId job) throws SQLException {
        return Snapshot.of(database, connection -> {
            if (!exists(connection, tenantId, job)) {
                return Optional.empty();
            }
            List<TimelineEntry> entries = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(TIMELINE)) {
                UUID id = job.uuid();
                statement.setLong(1, job.createdAt().toEpochMilli());
                statement.setInt(2, tenantId);
                for (int parameter = 3; parameter <= 8; parameter++) {
                    statement.setObject(parameter, id);
                }
                statement.setInt(9, MOST);
                try (ResultSet row = statement.executeQuery()) {
                    String status = "";
                    while (row.next()) {
                        // A request to cancel changes no status by itself.
                        String told = row.getString("status");
                        status = told == null ? status : told;
                        entries.add(new TimelineEntry(
                                row.getTimestamp("at").toInstant(),
                                status,
                                row.getString("reason"),
                                row.getString("who"),
                                row.getString("detail")));
                    }
                }
            }
            return Optional.of(entries);
        });
    }

    private static boolean exists(Connection connection, int tenantId, JobId job) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EXISTS)) {
            statement.setInt(1, tenantId);
            statement.setObject(2, job.uuid());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static AttemptView attempt(ResultSet row) throws SQLException {
        Instant startedAt = row.getTimestamp("started_at").toInstant();
        Timestamp ended = row.getTimestamp("ended_at");
        Instant endedAt = ended == null ? null : ended.toInstant();
        String code = row.getString("error_code");
        return new AttemptView(
                row.getInt("epoch"),
                row.getInt("attempt"),
                row.getString("status"),
                row.getBoolean("charged"),
                row.getString("provider"),
                row.getString("model"),
                startedAt,
                endedAt,
                endedAt == null ? null : Duration.between(startedAt, endedAt).toMillis(),
                number(row, "first_byte_ms"),
                number(row, "http_status"),
                code == null ? null : new Failure(code, row.getString("error_message")),
                new Usage(row.getInt("input_tokens"), row.getInt("cached_input_tokens"), row.getInt("output_tokens")),
                new Usd(row.getLong("cost_nanos")).dollars(),
                new Usd(row.getLong("held_nanos")).dollars(),
                row.getString("provider_request_id"),
                "worker " + row.getInt("worker_id"));
    }

    private static @Nullable Integer number(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }
}
