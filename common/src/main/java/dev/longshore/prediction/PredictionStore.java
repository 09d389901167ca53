package dev.longshore.prediction;

import dev.longshore.job.JobId;
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
import org.jspecify.annotations.Nullable;

/// The statements on bought predictions. Those that change one are fenced by the claim: they hold the job's row, so
/// that it cannot be claimed by another meanwhile, and change nothing when it is another's already. Each may be
/// called again with the same arguments.
public final class PredictionStore {
    private static final String OPEN = """
            SELECT job_id, epoch, provider, model, key_number, submitted_at, provider_id, callback_hash
              FROM prediction
             WHERE job_id = ANY (?::uuid[])
            """;

    private static final String BEGIN = """
            WITH mine AS (
                SELECT r.tenant_id
                  FROM job_run r
                 WHERE r.job_id = ? AND r.epoch = ? AND r.status = 'processing'
                   FOR SHARE
            ),
            asked AS (
                SELECT ?::uuid AS job_id, ? AS epoch, tenant_id, ? AS key_number, ? AS provider, ? AS model, ?::bytea AS callback_hash
                  FROM mine
            ),
            -- It goes on at its provider. One without an id was told of by its claim, as a call of unknown outcome.
            replaced AS (
                INSERT INTO replaced_prediction (job_id, epoch, submitted_at, tenant_id, key_number, provider, model, provider_id)
                SELECT p.job_id, p.epoch, p.submitted_at, p.tenant_id, p.key_number, p.provider, p.model, p.provider_id
                  FROM prediction p
                  JOIN asked a ON a.job_id = p.job_id
                 WHERE p.epoch < a.epoch
                   AND p.provider_id IS NOT NULL
                   AND (p.provider, p.model) <> (a.provider, a.model)
                ON CONFLICT (job_id, epoch) DO NOTHING
            )
            INSERT INTO prediction AS p (job_id, epoch, tenant_id, key_number, provider, model, callback_hash)
            SELECT job_id, epoch, tenant_id, key_number, provider, model, callback_hash
              FROM asked
            ON CONFLICT (job_id) DO UPDATE
               SET epoch = excluded.epoch,
                   key_number = excluded.key_number,
                   provider = excluded.provider,
                   model = excluded.model,
                   callback_hash = excluded.callback_hash,
                   provider_id = NULL,
                   called_back_at = NULL,
                   submitted_at = now()
             WHERE p.epoch <= excluded.epoch
            """;

    private static final String BOUGHT = """
            WITH mine AS (
                SELECT r.job_id
                  FROM job_run r
                 WHERE r.job_id = ? AND r.epoch = ? AND r.status = 'processing'
                   FOR SHARE
            )
            UPDATE prediction p
               SET provider_id = ?
              FROM mine
             WHERE p.job_id = mine.job_id
               AND (p.provider_id IS NULL OR p.provider_id = ?)
            """;

    private static final String OVER = """
            WITH mine AS (
                SELECT r.job_id
                  FROM job_run r
                 WHERE r.job_id = ? AND r.epoch = ? AND r.status = 'processing'
                   FOR SHARE
            )
            DELETE FROM prediction p
             USING mine
             WHERE p.job_id = mine.job_id
            """;

    private static final String CALL_BACK = """
            UPDATE prediction
               SET called_back_at = now()
             WHERE callback_hash = ?
            """;

    private static final String CALLED_BACK = """
            UPDATE prediction
               SET called_back_at = NULL
             WHERE job_id = ANY (?::uuid[])
               AND called_back_at IS NOT NULL
            RETURNING job_id
            """;

    // Its job is over, and not by its answer: it was cancelled or expired while no worker had it, or another model
    // has answered. One whose claims told of its end is gone from the table by then.
    private static final String ABANDONED = """
            SELECT p.job_id, p.epoch, p.provider, p.model, p.key_number, p.submitted_at, p.provider_id, p.callback_hash, j.bytes
              FROM prediction p
              LEFT JOIN LATERAL (SELECT octet_length(input) AS bytes
                                   FROM job
                                  WHERE tenant_id = p.tenant_id AND job_id = p.job_id
                                 OFFSET 0) AS j ON true
             WHERE EXISTS (SELECT FROM job_outcome o WHERE o.job_id = p.job_id)
               AND NOT EXISTS (SELECT
                                 FROM attempt a
                                WHERE a.job_id = p.job_id AND a.outcome = 'answered' AND a.provider_request_id = p.provider_id)
             UNION ALL
            -- Its job goes on with another, or is over by now.
            SELECT p.job_id, p.epoch, p.provider, p.model, p.key_number, p.submitted_at, p.provider_id, NULL, j.bytes
              FROM replaced_prediction p
              LEFT JOIN LATERAL (SELECT octet_length(input) AS bytes
                                   FROM job
                                  WHERE tenant_id = p.tenant_id AND job_id = p.job_id
                                 OFFSET 0) AS j ON true
             LIMIT ?
            """;

    private static final String GIVE_UP = """
            WITH wanted AS (
                SELECT ?::uuid AS job_id, ? AS epoch
            ),
            replaced AS (
                DELETE FROM replaced_prediction p
                 USING wanted w
                 WHERE p.job_id = w.job_id AND p.epoch = w.epoch
                RETURNING 1
            ),
            left_behind AS (
                DELETE FROM prediction p
                 USING wanted w
                 WHERE p.job_id = w.job_id AND p.epoch = w.epoch
                   AND NOT EXISTS (SELECT FROM job_run r WHERE r.job_id = p.job_id)
                RETURNING 1
            )
            SELECT EXISTS (SELECT FROM replaced) OR EXISTS (SELECT FROM left_behind)
            """;

    // The table is as small as the predictions that run now, so all of it may be looked at. What is abandoned stays
    // until it has been given up.
    private static final String FORGET = """
            DELETE FROM prediction
             WHERE job_id IN (SELECT p.job_id
                                FROM prediction p
                               WHERE NOT EXISTS (SELECT FROM job_run r WHERE r.job_id = p.job_id)
                                 AND (NOT EXISTS (SELECT FROM job_outcome o WHERE o.job_id = p.job_id)
                                      OR EXISTS (SELECT
                                                   FROM attempt a
                                                  WHERE a.job_id = p.job_id AND a.outcome = 'answered'
                                                    AND a.provider_request_id = p.provider_id))
                               LIMIT ?)
            """;

    private final DataSource database;

    public PredictionStore(DataSource database) {
        this.database = database;
    }

    /// What is bought, or about to be bought, for these jobs: one each at most.
    public List<Prediction> open(Collection<JobId> jobs) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(OPEN)) {
            statement.setArray(1, connection.createArrayOf("uuid", uuids(jobs)));
            return read(statement);
        }
    }

    private static List<Prediction> read(PreparedStatement statement) throws SQLException {
        List<Prediction> predictions = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                predictions.add(prediction(row));
            }
        }
        return predictions;
    }

    private static Prediction prediction(ResultSet row) throws SQLException {
        return new Prediction(
                new JobId(row.getObject(1, UUID.class)),
                row.getInt(2),
                row.getString(3),
                row.getString(4),
                row.getInt(5),
                row.getTimestamp(6).toInstant(),
                row.getString(7),
                row.getBytes(8));
    }

    /// Writes down that the provider is about to be asked, by the claim of that epoch. What the job had bought of
    /// another model is from then on [#abandoned].
    ///
    /// @return false when the job is another's by now
    public boolean begin(Prediction intent) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(BEGIN)) {
            statement.setObject(1, intent.job().uuid());
            statement.setInt(2, intent.epoch());
            statement.setObject(3, intent.job().uuid());
            statement.setInt(4, intent.epoch());
            statement.setInt(5, intent.keyNumber());
            statement.setString(6, intent.provider());
            statement.setString(7, intent.model());
            statement.setBytes(8, intent.callbackHash());
            return statement.executeUpdate() == 1;
        }
    }

    /// Writes down by which id the provider knows it.
    ///
    /// @param claim the epoch that holds the job now
    /// @return false when the job is another's by now, or another id is written down already
    public boolean bought(JobId job, int claim, String providerId) throws SQLException {
        return guarded(BOUGHT, job, claim, providerId);
    }

    /// Forgets it: it is of no use any more, and the next attempt buys another.
    ///
    /// @param claim the epoch that holds the job now
    /// @return false when there is none, or the job is another's by now
    public boolean over(JobId job, int claim) throws SQLException {
        return guarded(OVER, job, claim, null);
    }

    private boolean guarded(String sql, JobId job, int claim, @Nullable String providerId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, job.uuid());
            statement.setInt(2, claim);
            if (providerId != null) {
                statement.setString(3, providerId);
                statement.setString(4, providerId);
            }
            return statement.executeUpdate() == 1;
        }
    }

    /// Notes that the provider has called back.
    ///
    /// @param tokenHash SHA-256 of the token that it showed
    /// @return false when the token belongs to nothing
    public boolean callBack(byte[] tokenHash) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(CALL_BACK)) {
            statement.setBytes(1, tokenHash);
            return statement.executeUpdate() == 1;
        }
    }

    /// Those of the jobs whose provider has called back since this was last asked.
    public Set<JobId> calledBack(Collection<JobId> jobs) throws SQLException {
        Set<JobId> called = new HashSet<>();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(CALLED_BACK)) {
            statement.setArray(1, connection.createArrayOf("uuid", uuids(jobs)));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    called.add(new JobId(row.getObject(1, UUID.class)));
                }
            }
        }
        return called;
    }

    /// A prediction whose job has ended without it, or has bought another of another model.
    ///
    /// @param inputBytes how long the input of its job is
    public record Abandoned(Prediction prediction, int inputBytes) {}

    /// Predictions that nobody waits for any more, nor will: they go on costing money until their provider is told.
    ///
    /// @return which, at most `limit`
    public List<Abandoned> abandoned(int limit) throws SQLException {
        List<Abandoned> abandoned = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(ABANDONED)) {
            statement.setInt(1, limit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    abandoned.add(new Abandoned(prediction(row), row.getInt("bytes")));
                }
            }
        }
        return abandoned;
    }

    /// Forgets an abandoned prediction.
    ///
    /// @return whether it was there, so that it is given up by one caller only
    public boolean giveUp(Prediction abandoned) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(GIVE_UP)) {
            statement.setObject(1, abandoned.job().uuid());
            statement.setInt(2, abandoned.epoch());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /// Forgets predictions whose answer is on record, or whose job is no more.
    ///
    /// @return how many, at most `limit`
    public int forgetOver(int limit) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setInt(1, limit);
            return statement.executeUpdate();
        }
    }

    /// In one order, so that statements which meet do not deadlock.
    private static UUID[] uuids(Collection<JobId> jobs) {
        return jobs.stream().sorted().map(JobId::uuid).toArray(UUID[]::new);
    }
}
