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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;

/// The daily partitions of everything that grows with history: made ahead of time, dropped whole when a day
/// is past retention and nothing of it is alive.
public final class Partitions {
    /// All are cut by a time-ordered id: a job's, or a webhook notice's, which is younger than its job's.
    private static final List<String> TABLES =
            List.of("job", "job_outcome", "attempt", "job_note", "job_webhook", "webhook_notice", "webhook_attempt");

    /// A notice is updated once or twice a try while its body, which lies out of the row, stays what it was. Storage
    /// parameters are not inherited from the parent, so they are told here.
    private static final Map<String, String> STORAGE =
            Map.of("webhook_notice", "WITH (fillfactor = 80, toast_tuple_target = 128)");

    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    /// Long enough that a platform whose chores are broken still accepts jobs over a long week-end.
    private static final int DAYS_AHEAD = 7;

    /// The advisory lock of making partitions. Any number does that nothing else in the database uses.
    private static final long MAKING = 0x4C6F6E6773686F72L;

    // Every table is looked at by itself: one that came with an upgrade has none yet of the days that the others have.
    private static final String EXISTING = """
            SELECT i.inhparent::regclass::text, substring(c.relname FROM '[0-9]{8}$')
              FROM pg_inherits i
              JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = ANY (?::text[]::regclass[])
            """;

    // A notice that is still to be sent keeps its own day, and that of the job which it tells of: its body may not have
    // been made yet.
    // The last look must read what is pending and no more; a plain one would read all notices of that day's jobs.
    private static final String ALIVE = """
            SELECT EXISTS (SELECT 1 FROM job_run WHERE job_id >= ? AND job_id < ?)
                OR EXISTS (SELECT 1 FROM webhook_notice WHERE status = 'pending' AND notice_id >= ? AND notice_id < ?)
                OR EXISTS (SELECT 1
                             FROM (SELECT job_id FROM webhook_notice WHERE status = 'pending' OFFSET 0) AS owed
                            WHERE job_id >= ? AND job_id < ?)
            """;

    private final DataSource database;

    public Partitions(DataSource database) {
        this.database = database;
    }

    /// Makes the partitions of yesterday to a week ahead where they are missing. Harmless when two processes
    /// do it at once, and holds up nobody who reads or writes.
    public void makeAhead(Instant now) throws SQLException {
        try (Connection connection = database.getConnection()) {
            if (!missing(connection, now).isEmpty()) {
                inTransaction(connection, statement -> {
                    statement.execute("SELECT pg_advisory_xact_lock(%d)".formatted(MAKING));
                    // Somebody else may have made them while we waited.
                    for (Partition partition : missing(connection, now)) {
                        make(statement, partition);
                    }
                });
            }
        }
    }

    private static List<Partition> missing(Connection connection, Instant now) throws SQLException {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        Set<Partition> existing = existing(connection);
        return today.minusDays(1)
                .datesUntil(today.plusDays(DAYS_AHEAD + 1L))
                .flatMap(day -> TABLES.stream().map(table -> new Partition(table, day)))
                .filter(partition -> !existing.contains(partition))
                .toList();
    }

    /// A table that is made first and attached afterwards does without the exclusive lock on its parent that
    /// CREATE TABLE ... PARTITION OF takes. Names and bounds come from a date and a fixed list, never from
    /// outside; DDL takes no parameters.
    private static void make(Statement statement, Partition partition) throws SQLException {
        String table = partition.table();
        LocalDate day = partition.day();
        statement.execute("""
                CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION) %s
                """.formatted(partition.name(), table, STORAGE.getOrDefault(table, "")));
        statement.execute("""
                ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')
                """.formatted(table, partition.name(), lowest(day), lowest(day.plusDays(1))));
    }

    /// Drops the partitions of days that ended before `keepSince`, but for days with a job that is not over or
    /// a webhook notice that is still to be sent.
    ///
    /// @return the days that were dropped
    public List<LocalDate> dropBefore(Instant keepSince) throws SQLException {
        List<LocalDate> dropped = new ArrayList<>();
        try (Connection connection = database.getConnection()) {
            for (LocalDate day : days(connection)) {
                boolean over = !day.plusDays(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .isAfter(keepSince);
                if (over && !alive(connection, day) && drop(connection, day)) {
                    dropped.add(day);
                }
            }
        }
        return dropped;
    }

    private static SortedSet<LocalDate> days(Connection connection) throws SQLException {
        SortedSet<LocalDate> days = new TreeSet<>();
        existing(connection).forEach(partition -> days.add(partition.day()));
        return days;
    }

    private static Set<Partition> existing(Connection connection) throws SQLException {
        Set<Partition> partitions = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(EXISTING)) {
            statement.setArray(1, connection.createArrayOf("text", TABLES.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    partitions.add(new Partition(row.getString(1), LocalDate.parse(row.getString(2), DAY)));
                }
            }
        }
        return partitions;
    }

    private static boolean alive(Connection connection, LocalDate day) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ALIVE)) {
            for (int look = 0; look < 3; look++) {
                statement.setObject(2 * look + 1, lowest(day));
                statement.setObject(2 * look + 2, lowest(day.plusDays(1)));
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /// All of a day goes in one transaction that nobody else can be in the middle of: a replay which came
    /// first has left a living job, one which comes later finds nothing to replay.
    ///
    /// @return whether it was dropped; not when something of it has come to life
    private static boolean drop(Connection connection, LocalDate day) throws SQLException {
        boolean[] dropped = {false};
        inTransaction(connection, statement -> {
            // Rather try again at the next round than queue behind a long reader with everybody else queueing
            // behind us. Shorter than deadlock_timeout, so that it is us who gives way.
            statement.execute("SET LOCAL lock_timeout = '500ms'");
            statement.execute("LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE".formatted(String.join(", ONLY ", TABLES)));
            if (!alive(connection, day)) {
                for (String table : TABLES) {
                    statement.execute("DROP TABLE IF EXISTS " + new Partition(table, day).name());
                }
                dropped[0] = true;
            }
        });
        return dropped[0];
    }

    private record Partition(String table, LocalDate day) {
        String name() {
            return table + "_" + DAY.format(day);
        }
    }

    private interface Steps {
        void run(Statement statement) throws SQLException;
    }

    private static void inTransaction(Connection connection, Steps steps) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            steps.run(statement);
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
