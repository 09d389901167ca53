package dev.longshore.testing;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.UUID;

/// PostgreSQL and a Kafka broker for the tests of this JVM, started when first asked for.
///
/// The system property `longshore.infra` chooses: `docker`, `embedded`, or `auto` (the default: containers where a
/// Docker engine answers, otherwise processes out of `deploy/standalone`).
public final class Servers {
    private static final String SHARED = "longshore.testing.servers";

    // Not through DriverManager: inside Quarkus it does not see the driver of this class loader.
    private static final Driver DRIVER = ServiceLoader.load(Driver.class, Servers.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .filter(driver -> driver.getClass().getName().startsWith("org.postgresql."))
            .findFirst()
            .orElseThrow();

    private final ServerAddresses addresses;

    private Servers(ServerAddresses addresses) {
        this.addresses = addresses;
    }

    /// The servers of this JVM: every caller gets the same ones, and a shutdown hook ends them.
    public static Servers shared() {
        // Quarkus loads this class once for each class loader of its own; a property and an interned lock are the
        // JVM's.
        synchronized (SHARED.intern()) {
            String line = System.getProperty(SHARED);
            if (line != null) return new Servers(ServerAddresses.parse(line));
            ServerAddresses started = start(System.getProperty("longshore.infra", "auto"));
            System.setProperty(SHARED, started.line());
            return new Servers(started);
        }
    }

    private static ServerAddresses start(String choice) {
        return switch (choice) {
            case "docker" -> ContainerServers.start();
            case "embedded" -> EmbeddedServers.start();
            case "auto" -> ContainerServers.available() ? ContainerServers.start() : EmbeddedServers.start();
            default ->
                throw new IllegalArgumentException("longshore.infra is docker, embedded or auto, not '" + choice + "'");
        };
    }

    /// The JDBC URL of the database `longshore`, without credentials.
    public String jdbcUrl() {
        return addresses.jdbcUrl();
    }

    /// The superuser's name.
    public String user() {
        return addresses.user();
    }

    /// The superuser's password, empty where the server trusts every local caller.
    public String password() {
        return addresses.password();
    }

    /// The broker's bootstrap servers, `host:port`.
    public String kafka() {
        return addresses.kafka();
    }

    /// Creates an empty database that nobody else uses.
    ///
    /// @return its JDBC URL; user and password are the same as for all
    public String newDatabase() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = connect(jdbcUrl());
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create the database " + name, e);
        }
        return jdbcUrl().replaceFirst("/[^/?]+(\\?.*)?$", "/" + name);
    }

    /// Opens a session as the superuser; the caller closes it.
    ///
    /// @param jdbcUrl as [#jdbcUrl] or [#newDatabase] gave it
    public Connection connect(String jdbcUrl) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user());
        properties.setProperty("password", password());
        return DRIVER.connect(jdbcUrl, properties);
    }
}
