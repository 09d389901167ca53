package dev.longshore.api.destinations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/// Tells whether a tenant has an endpoint, for those who only name it.
public final class KnownEndpoints {
    private static final String EXISTS = """
            SELECT EXISTS (SELECT FROM webhook_endpoint WHERE endpoint_id = ? AND tenant_id = ?)
            """;

    private final DataSource database;

    public KnownEndpoints(DataSource database) {
        this.database = database;
    }

    /// Whether it is there, switched on or off.
    public boolean has(int tenantId, UUID endpointId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(EXISTS)) {
            statement.setObject(1, endpointId);
            statement.setInt(2, tenantId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
