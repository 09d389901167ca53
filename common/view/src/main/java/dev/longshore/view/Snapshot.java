package dev.longshore.view;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Several reads that see the database at one moment.
public final class Snapshot {
    private Snapshot() {}

    /// Something that is read.
    @FunctionalInterface
    public interface Reading<T> {
        T read(Connection connection) throws SQLException;
    }

    public static <T> T of(DataSource database, Reading<T> reading) throws SQLException {
        try (Connection connection = database.getConnection()) {
            int usual = connection.getTransactionIsolation();
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            try {
                return reading.read(connection);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
                connection.setTransactionIsolation(usual);
            }
        }
    }
}
