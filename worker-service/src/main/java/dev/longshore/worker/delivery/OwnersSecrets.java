package dev.longshore.worker.delivery;

import dev.longshore.webhook.SigningSecret;
import dev.longshore.worker.delivery.Notice.Owner;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/// Reads what calls are signed with, anew for each page of notices, so that a rotation counts from the next try on.
final class OwnersSecrets {
    // Two looks, since only one of them can use the index for a null.
    private static final String READ = """
            SELECT o.tenant_id, o.endpoint_id, s.symmetric_key, s.private_key, s.public_key
              FROM unnest(?::int[], ?::uuid[]) AS o (tenant_id, endpoint_id)
             CROSS JOIN LATERAL (
                   (SELECT *
                      FROM webhook_secret w
                     WHERE w.tenant_id = o.tenant_id AND w.endpoint_id = o.endpoint_id)
                   UNION ALL
                   (SELECT *
                      FROM webhook_secret w
                     WHERE w.tenant_id = o.tenant_id AND w.endpoint_id IS NULL AND o.endpoint_id IS NULL)) AS s
             WHERE s.expires_at IS NULL OR s.expires_at > now()
             ORDER BY s.expires_at DESC NULLS FIRST, s.created_at DESC
            """;

    // Whoever asks first makes it, here or in the API.
    private static final String MAKE = """
            INSERT INTO webhook_secret (secret_id, tenant_id, endpoint_id, symmetric_key, private_key, public_key)
            VALUES (uuidv7(), ?, NULL, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """;

    private final DataSource database;
    private final SecureRandom random = new SecureRandom();

    OwnersSecrets(DataSource database) {
        this.database = database;
    }

    /// The secrets of each owner that sign now, the newest first. A tenant that has none gets one; an endpoint whose
    /// secret is gone is missing.
    Map<Owner, List<SigningSecret>> of(Collection<Owner> owners) throws SQLException {
        try (Connection connection = database.getConnection()) {
            Map<Owner, List<SigningSecret>> found = read(connection, owners);
            List<Owner> bare = owners.stream()
                    .filter(owner -> owner.endpointId() == null && !found.containsKey(owner))
                    .distinct()
                    .toList();
            if (!bare.isEmpty()) {
                make(connection, bare);
                found.putAll(read(connection, bare));
            }
            return found;
        }
    }

    private static Map<Owner, List<SigningSecret>> read(Connection connection, Collection<Owner> owners)
            throws SQLException {
        List<Owner> each = owners.stream().distinct().toList();
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "int4", each.stream().map(Owner::tenantId).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "uuid", each.stream().map(Owner::endpointId).toArray()));
            Map<Owner, List<SigningSecret>> found = HashMap.newHashMap(each.size());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.computeIfAbsent(
                                    new Owner(row.getInt(1), row.getObject(2, UUID.class)), _ -> new ArrayList<>())
                            .add(SigningSecret.of(row.getBytes(3), row.getBytes(4), row.getBytes(5)));
                }
            }
            return found;
        }
    }

    private void make(Connection connection, List<Owner> tenants) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MAKE)) {
            for (Owner tenant : tenants) {
                SigningSecret secret = SigningSecret.create(random);
                statement.setInt(1, tenant.tenantId());
                statement.setBytes(2, secret.shared().bytes());
                statement.setBytes(3, secret.pair().privateBytes());
                statement.setBytes(4, secret.pair().publicKey().bytes());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
