package dev.longshore.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/// What tenants are called outside. Names do not change, so each is read once.
///
/// Safe for use by many threads.
public final class TenantNames {
    private static final String NAME = """
            SELECT name
              FROM tenant
             WHERE tenant_id = ?
            """;

    private final DataSource database;
    private final Map<Integer, String> names = new ConcurrentHashMap<>();

    public TenantNames(DataSource database) {
        this.database = database;
    }

    /// A tenant's name; empty when there is no such tenant.
    public Optional<String> of(int tenantId) throws SQLException {
        String known = names.get(tenantId);
        if (known != null) {
            return Optional.of(known);
        }
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(NAME)) {
            statement.setInt(1, tenantId);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String name = row.getString(1);
                names.put(tenantId, name);
                return Optional.of(name);
            }
        }
    }
}
