package dev.longshore.lease;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/// Picks one process out of many to run a chore. It saves work and is no lock: every chore is harmless when
/// two processes run it, as they may for a moment when the holder was stopped and continued.
public final class ChoreLease {
    private static final String TAKE_OR_KEEP = """
            INSERT INTO chore AS c (name, holder, lease_until)
            VALUES (?, ?, now() + make_interval(secs => ?))
            ON CONFLICT (name) DO UPDATE
               SET holder = excluded.holder, lease_until = excluded.lease_until
             WHERE c.holder = excluded.holder OR c.lease_until < now()
            """;

    private final DataSource database;
    private final String holder;

    /// @param holder unique to this process
    public ChoreLease(DataSource database, String holder) {
        this.database = database;
        this.holder = holder;
    }

    /// Takes the chore, or keeps it if it is ours.
    ///
    /// @return whether the chore is ours until `length` from now, on the database's clock
    public boolean hold(String chore, Duration length) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(TAKE_OR_KEEP)) {
            statement.setString(1, chore);
            statement.setString(2, holder);
            statement.setDouble(3, length.toMillis() / 1000.0);
            return statement.executeUpdate() == 1;
        }
    }
}
