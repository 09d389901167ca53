package dev.longshore.api.access;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/// The key that opens a new installation: whoever may set the environment of this process becomes the
/// first tenant's operator.
public final class FirstKey {
    private static final int HINT_LENGTH = 4;

    // Several instances may start at once, and every start comes by here again.
    private static final String TENANT = """
            INSERT INTO tenant (name)
            VALUES ('default')
            ON CONFLICT (name) DO NOTHING
            """;

    private static final String KEY = """
            INSERT INTO api_key (key_id, tenant_id, name, hash, hint, scopes)
            SELECT ?, tenant_id, 'bootstrap', ?, ?, ARRAY['jobs', 'admin']
              FROM tenant
             WHERE name = 'default'
            ON CONFLICT (hash) DO NOTHING
            """;

    private FirstKey() {}

    /// Makes the tenant `default` and this key for it, where they are missing. A key that was revoked
    /// stays revoked.
    public static void ensure(DataSource database, String key, UUID keyId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement tenant = connection.prepareStatement(TENANT);
                PreparedStatement insert = connection.prepareStatement(KEY)) {
            tenant.executeUpdate();
            insert.setObject(1, keyId);
            insert.setBytes(2, KeyHash.of(key).bytes());
            insert.setString(3, key.substring(Math.max(0, key.length() - HINT_LENGTH)));
            insert.executeUpdate();
        }
    }
}
