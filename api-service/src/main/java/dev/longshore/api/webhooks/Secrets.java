package dev.longshore.api.webhooks;

import dev.longshore.webhook.SigningSecret;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The secrets of tenants: one for each endpoint, and one for the URLs that come with single jobs, which belong to no
/// endpoint. A secret that was rotated signs beside its successor until its time is over.
///
/// Safe for use by many threads.
final class Secrets {
    /// How many secrets may be signing at once: the current one and those that it has lately taken over from.
    static final int MOST = 5;

    private static final String ADD = """
            INSERT INTO webhook_secret (secret_id, tenant_id, endpoint_id, symmetric_key, private_key, public_key)
            VALUES (uuidv7(), ?, ?::uuid, ?, ?, ?)
            -- Somebody else has made the first one in this moment.
            ON CONFLICT DO NOTHING
            """;

    private static final String SIGNING = """
            SELECT symmetric_key, private_key, public_key, created_at
              FROM webhook_secret
             WHERE tenant_id = ?
               AND endpoint_id IS NOT DISTINCT FROM ?::uuid
               AND (expires_at IS NULL OR expires_at > now())
             ORDER BY expires_at IS NULL DESC, created_at DESC
            """;

    // The new one is written after the old one has got its end: there is one without an end at any time.
    private static final String ROTATE = """
            WITH owned AS (
                SELECT secret_id, expires_at, row_number() OVER (ORDER BY expires_at IS NULL DESC, created_at DESC) AS place
                  FROM webhook_secret
                 WHERE tenant_id = ? AND endpoint_id IS NOT DISTINCT FROM ?::uuid
            ),
            forgotten AS (
                DELETE FROM webhook_secret s
                 USING owned o
                 WHERE s.secret_id = o.secret_id AND (o.expires_at <= now() OR o.expires_at IS NOT NULL AND o.place >= ?)
            ),
            ending AS (
                UPDATE webhook_secret s
                   SET expires_at = now() + ? * interval '1 millisecond'
                  FROM owned o
                 WHERE s.secret_id = o.secret_id AND s.expires_at IS NULL
                RETURNING s.secret_id
            )
            INSERT INTO webhook_secret (secret_id, tenant_id, endpoint_id, symmetric_key, private_key, public_key)
            SELECT uuidv7(), ?, ?::uuid, ?, ?, ?
              FROM (SELECT count(*) FROM ending) AS ended
            RETURNING created_at
            """;

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    /// Rotations that meet: each round one of them gets its way.
    private static final int ROUNDS = 10;

    private final DataSource database;

    Secrets(DataSource database) {
        this.database = database;
    }

    /// A secret as it is kept.
    record Kept(SigningSecret secret, Instant createdAt) {}

    /// Gives a new endpoint its first secret.
    void add(int tenantId, UUID endpointId, SigningSecret secret) throws SQLException {
        insert(tenantId, endpointId, secret);
    }

    /// What calls are signed with now, the newest first. Empty when there is no such endpoint.
    ///
    /// @param endpointId null for the URLs of single jobs
    List<Kept> signing(int tenantId, @Nullable UUID endpointId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(SIGNING)) {
            statement.setInt(1, tenantId);
            statement.setObject(2, endpointId);
            List<Kept> secrets = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    secrets.add(new Kept(
                            SigningSecret.of(row.getBytes(1), row.getBytes(2), row.getBytes(3)),
                            row.getTimestamp(4).toInstant()));
                }
            }
            return secrets;
        }
    }

    /// The tenant's own current secret, with which calls to the URLs of single jobs are signed.
    ///
    /// @param first makes it if there is none yet; when two ask at once, both get the one that was stored
    Kept ofTenant(int tenantId, Supplier<SigningSecret> first) throws SQLException {
        List<Kept> there = signing(tenantId, null);
        if (there.isEmpty()) {
            insert(tenantId, null, first.get());
            there = signing(tenantId, null);
        }
        return there.getFirst();
    }

    /// Puts a new secret in the place of the current one.
    ///
    /// @param endpointId null for the URLs of single jobs
    /// @param overlap how long the one that was current signs beside it
    /// @return empty when the endpoint is gone
    Optional<Kept> rotate(int tenantId, @Nullable UUID endpointId, SigningSecret secret, Duration overlap)
            throws SQLException {
        for (int round = 1; ; round++) {
            try (Connection connection = database.getConnection();
                    PreparedStatement statement = connection.prepareStatement(ROTATE)) {
                statement.setInt(1, tenantId);
                statement.setObject(2, endpointId);
                statement.setInt(3, MOST - 1);
                statement.setLong(4, overlap.toMillis());
                statement.setInt(5, tenantId);
                statement.setObject(6, endpointId);
                keys(statement, 7, secret);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return Optional.of(new Kept(secret, row.getTimestamp(1).toInstant()));
                }
            } catch (SQLException e) {
                if (FOREIGN_KEY_VIOLATION.equals(e.getSQLState())) {
                    return Optional.empty();
                }
                if (!UNIQUE_VIOLATION.equals(e.getSQLState()) || round == ROUNDS) {
                    throw e;
                }
            }
        }
    }

    private void insert(int tenantId, @Nullable UUID endpointId, SigningSecret secret) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setInt(1, tenantId);
            statement.setObject(2, endpointId);
            keys(statement, 3, secret);
            statement.executeUpdate();
        }
    }

    private static void keys(PreparedStatement statement, int first, SigningSecret secret) throws SQLException {
        statement.setBytes(first, secret.shared().bytes());
        statement.setBytes(first + 1, secret.pair().privateBytes());
        statement.setBytes(first + 2, secret.pair().publicKey().bytes());
    }
}
