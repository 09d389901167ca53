package dev.longshore.bench.stack;

import dev.longshore.standalone.servers.PostgresAddress;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// Longshore's database, looked at from outside. Each look is rolled back, so that it neither counts as
/// a commit nor keeps a lock.
public final class Database implements AutoCloseable {
    private final PostgresAddress address;
    private final Alarm alarm;
    private final Connection looks;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Database(PostgresAddress address, Alarm alarm) throws SQLException {
        this.address = address;
        this.alarm = alarm;
        looks = source(PostgresAddress.DATABASE).getConnection();
        looks.setAutoCommit(false);
    }

    /// Connections of one's own.
    ///
    /// @param database its name
    public DataSource source(String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(address.jdbcUrl(database));
        source.setUser(address.user());
        source.setPassword(address.password());
        return source;
    }

    /// A connection to Longshore's database, for one's own use.
    public Connection connect() throws SQLException {
        return source(PostgresAddress.DATABASE).getConnection();
    }

    /// Connections to Longshore's database that are kept open, in the pool that the services use.
    ///
    /// @param most how many there may be at once
    AgroalDataSource pool(int most) throws SQLException {
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(most)
                        .connectionFactoryConfiguration(
                                factory -> factory.jdbcUrl(address.jdbcUrl(PostgresAddress.DATABASE))
                                        .principal(new NamePrincipal(address.user()))
                                        .credential(new SimplePassword(address.password())))));
    }

    /// Makes a database beside Longshore's, unless it is there.
    public void create(String name) throws SQLException {
        address.createDatabase(name);
    }

    /// The one number that a query gives; looks at the alarm too.
    ///
    /// @throws BenchFailed when the database does not answer or the alarm was rung
    public long number(String sql, Object... parameters) {
        alarm.check();
        try {
            PreparedStatement statement = prepared.get(sql);
            if (statement == null) {
                statement = looks.prepareStatement(sql);
                prepared.put(sql, statement);
            }
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            } finally {
                looks.rollback();
            }
        } catch (SQLException e) {
            throw new BenchFailed("the database cannot be asked: " + sql.strip(), e);
        }
    }

    /// Runs statements on a connection of their own, each in a transaction of its own.
    public void execute(String... statements) {
        alarm.check();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new BenchFailed("a statement failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws SQLException {
        looks.close();
    }
}
