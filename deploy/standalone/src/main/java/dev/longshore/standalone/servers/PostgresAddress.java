package dev.longshore.standalone.servers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/// Where a PostgreSQL server listens and who may enter.
///
/// @param port its port on the loopback address
/// @param user the name of its superuser
/// @param password empty where the server trusts every local caller
public record PostgresAddress(int port, String user, String password) {
    /// The database that Longshore lives in.
    public static final String DATABASE = "longshore";

    /// The JDBC URL of Longshore's database.
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    /// The JDBC URL of the named database, without credentials.
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /// Whether a session can be opened now.
    public boolean answers() {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(2);
        } catch (SQLException _) {
            return false;
        }
    }

    /// Creates the database unless it exists. The name is taken as it is, so it must come from the program and not from
    /// outside.
    ///
    /// @throws SQLException when the server cannot be asked or refuses
    public void createDatabase(String name) throws SQLException {
        try (Connection connection = connect("postgres");
                var question = connection.prepareStatement("select from pg_database where datname = ?");
                var statement = connection.createStatement()) {
            // Asked first, because a refusal would stand in the server's log as an error at every start.
            question.setString(1, name);
            try (var rows = question.executeQuery()) {
                if (rows.next()) return;
            }
            statement.execute("create database \"" + name + "\"");
        }
    }

    private Connection connect(String database) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    @Override
    public String toString() {
        return user + "@127.0.0.1:" + port;
    }
}
