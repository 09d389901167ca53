package dev.longshore.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/// The daily partitions of everything that grows with history: made ahead of time, dropped whole when a day
/// is past retention and nothing of it is alive.
public final class Partitions {
    private static final List<String> TABLES = List.of("job", "job_outcome", "attempt", "job_note");
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    /// Long enough that a platform whose chores are broken still accepts jobs over a long week-end.
    private static final int DAYS_AHEAD = 7;

    private static final String EXISTING = """
            SELECT substring(c.relname FROM '[0-9]{8}$')
              FROM pg_inherits i
              JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = 'job'::regclass
             ORDER BY 1
            """;

    private static final String ALIVE = """
            SELECT EXISTS (SELECT 1 FROM job_run WHERE job_id >= ? AND job_id < ?)
            """;

    private final DataSource database;

    public Partitions(DataSource database) {
        this.database = database;
    }

    /// Makes the partitions of yesterday to a week ahead where they are missing. Harmless when two processes
    /// do it at once.
    public void makeAhead(Instant now) throws SQLException {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (LocalDate day = today.minusDays(1); !day.isAfter(today.plusDays(DAYS_AHEAD)); day = day.plusDays(1)) {
                for (String table : TABLES) {
                    // Names and bounds come from a date and a fixed list, never from outside; DDL takes no
                    // parameters.
                    statement.execute(
                            "CREATE TABLE IF NOT EXISTS %s_%s PARTITION OF %s FOR VALUES FROM ('%s') TO ('%s')"
                                    .formatted(table, DAY.format(day), table, lowest(day), lowest(day.plusDays(1))));
                }
            }
        }
    }

    /// Drops the partitions of days that ended before `keepSince`, but for days with a job that is not over.
    ///
    /// @return the days that were dropped
    public List<LocalDate> dropBefore(Instant keepSince) throws SQLException {
        List<LocalDate> dropped = new ArrayList<>();
        try (Connection connection = database.getConnection()) {
            for (LocalDate day : existing(connection)) {
                boolean over = !day.plusDays(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .isAfter(keepSince);
                if (over && !alive(connection, day)) {
                    drop(connection, day);
                    dropped.add(day);
                }
            }
        }
        return dropped;
    }

    private static List<LocalDate> existing(Connection connection) throws SQLException {
        List<LocalDate> days = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(EXISTING);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                days.add(LocalDate.parse(row.getString(1), DAY));
            }
        }
        return days;
    }

    private static boolean alive(Connection connection, LocalDate day) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ALIVE)) {
            statement.setObject(1, lowest(day));
            statement.setObject(2, lowest(day.plusDays(1)));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /// All of a day goes in one transaction. A replay of one of its jobs that commits in between would be
    /// left without its job, so the outcomes go first: their lock makes the replay wait, and then find
    /// nothing to replay.
    private static void drop(Connection connection, LocalDate day) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            // Rather try again later than queue behind a long reader with everybody else queueing behind us.
            statement.execute("SET LOCAL lock_timeout = '2s'");
            statement.execute("LOCK TABLE job_outcome_%s IN ACCESS EXCLUSIVE MODE".formatted(DAY.format(day)));
            if (!alive(connection, day)) {
                for (String table : List.of("job_outcome", "attempt", "job_note", "job")) {
                    statement.execute("DROP TABLE IF EXISTS %s_%s".formatted(table, DAY.format(day)));
                }
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static UUID lowest(LocalDate day) {
        return JobId.lowestAt(day.atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
