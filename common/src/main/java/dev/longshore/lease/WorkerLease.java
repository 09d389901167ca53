package dev.longshore.lease;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The heartbeat row of one worker process. The lease covers every job the worker has claimed; it is kept on
/// the database's clock, so clocks that differ between machines do no harm.
public final class WorkerLease {
    private static final String JOIN = """
            INSERT INTO worker (name, slots, lease_until)
            VALUES (?, ?, now() + make_interval(secs => ?))
            RETURNING worker_id
            """;

    // A lease that has run out is never renewed: its jobs may already be somebody else's, and their old
    // epochs must stay dead.
    private static final String RENEW = """
            UPDATE worker
               SET beat_at = now(), lease_until = now() + make_interval(secs => ?), draining = ?
             WHERE worker_id = ? AND lease_until > now()
            RETURNING now()
            """;

    private static final String LEAVE = """
            DELETE FROM worker
             WHERE worker_id = ?
            """;

    private final DataSource database;
    private final Duration length;

    public WorkerLease(DataSource database, Duration length) {
        this.database = database;
        this.length = length;
    }

    /// Registers a worker process.
    ///
    /// @return its number, never used before and never used again
    public int join(String name, int slots) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(JOIN)) {
            statement.setString(1, name);
            statement.setInt(2, slots);
            statement.setDouble(3, length.toMillis() / 1000.0);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /// Renews the lease.
    ///
    /// @return the database's time, or null when the lease had already run out: the worker must stop its
    ///     attempts and join anew
    public @Nullable Instant renew(int workerId, boolean draining) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(RENEW)) {
            statement.setDouble(1, length.toMillis() / 1000.0);
            statement.setBoolean(2, draining);
            statement.setInt(3, workerId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getTimestamp(1).toInstant() : null;
            }
        }
    }

    /// Ends the lease at once, so that whatever this worker still held can be rescued without waiting.
    public void leave(int workerId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(LEAVE)) {
            statement.setInt(1, workerId);
            statement.executeUpdate();
        }
    }
}
