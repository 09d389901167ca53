package dev.longshore.bench.stack;

import dev.longshore.job.Partitions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.util.PGInterval;

/// Generated rows: copies of a job that was accepted over HTTP, and of one that was worked on, so that
/// they are what Longshore itself would have written, column by column, but for ids and times.
public final class Rows {
    private static final int STEP = 25_000;
    private static final int WRITERS = 2;

    private static final String COLUMNS = """
            SELECT attname
              FROM pg_attribute
             WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = ''
             ORDER BY attnum
            """;

    private final Database database;

    public Rows(Database database) {
        this.database = database;
    }

    /// Remembers the only open job as the pattern for others of its kind, and takes it out of the backlog. No
    /// worker may run.
    ///
    /// @param kind a name for the pattern
    public void remember(String kind) {
        database.execute(
                "CREATE SCHEMA IF NOT EXISTS bench",
                "CREATE TABLE bench.run_%s AS SELECT * FROM job_run".formatted(kind),
                "CREATE TABLE bench.job_%s AS SELECT j.* FROM job j JOIN job_run r USING (tenant_id, job_id)"
                        .formatted(kind),
                "TRUNCATE job_run");
        if (database.number("SELECT count(*) FROM bench.run_%s".formatted(kind)) != 1) {
            throw new BenchFailed("the pattern of " + kind + " is not one job");
        }
    }

    /// Takes every live job away.
    public void empty() {
        database.execute("TRUNCATE job_run");
    }

    /// Puts copies of a pattern into the backlog. All of them appear at one moment, at the end.
    ///
    /// @param earlier how much sooner than now they count as queued: those of a sooner time are taken first
    public void queue(String kind, int count, Duration earlier) {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            insertQueued(connection, kind, count, earlier);
            connection.commit();
        } catch (SQLException e) {
            throw new BenchFailed("jobs cannot be generated: " + e.getMessage(), e);
        }
    }

    /// Puts a great many copies of a pattern into the backlog, a step at a time, then has the tables
    /// tidied as the server would sooner or later do by itself.
    public void queueMany(String kind, int count) {
        inParallel(count / STEP, _ -> connection -> insertQueued(connection, kind, STEP, Duration.ZERO));
        tidy();
    }

    private void insertQueued(Connection connection, String kind, int count, Duration earlier) throws SQLException {
        String sql = """
                WITH fresh AS MATERIALIZED (
                    SELECT uuidv7() AS id, now() - ? AS at FROM generate_series(1, ?)
                ),
                asked AS (
                    INSERT INTO job (%s)
                    SELECT %s FROM fresh CROSS JOIN bench.job_%s AS p
                )
                INSERT INTO job_run (%s)
                SELECT %s FROM fresh CROSS JOIN bench.run_%s AS p
                """.formatted(
                        names(connection, "job"),
                        values(connection, "job", Map.of("job_id", "fresh.id")),
                        kind,
                        names(connection, "job_run"),
                        values(
                                connection,
                                "job_run",
                                Map.of(
                                        "job_id", "fresh.id",
                                        "dispatched_at", "NULL::timestamptz",
                                        "rank", "fresh.at",
                                        "deadline_at", "now() + (p.deadline_at - p.rank)",
                                        "wake_at", "now() + (p.wake_at - p.rank)")),
                        kind);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, seconds(earlier));
            statement.setInt(2, count);
            statement.executeUpdate();
        }
    }

    /// Writes the story of jobs that are long over: what was asked, what came of it, and the attempt;
    /// evenly over the days up to now. At least one job must have completed. Texts are short, since it
    /// is the number of rows that could cost somebody something.
    public void history(int count, int days) {
        Instant now = Instant.now();
        try {
            for (int day = 0; day < days; day++) {
                new Partitions(database.source("longshore")).makeAhead(now.minus(Duration.ofDays(day)));
            }
        } catch (SQLException e) {
            throw new BenchFailed("partitions for the past cannot be made", e);
        }
        database.execute(
                "CREATE SCHEMA IF NOT EXISTS bench",
                "DROP TABLE IF EXISTS bench.old_outcome, bench.old_job, bench.old_attempt",
                """
                CREATE TABLE bench.old_outcome AS
                SELECT * FROM job_outcome WHERE status = 'complete' ORDER BY job_id DESC LIMIT 1
                """,
                "CREATE TABLE bench.old_job AS SELECT j.* FROM job j JOIN bench.old_outcome USING (tenant_id, job_id)",
                "CREATE TABLE bench.old_attempt AS SELECT a.* FROM attempt a JOIN bench.old_outcome USING (job_id)");
        if (database.number("SELECT count(*) FROM bench.old_attempt") != 1) {
            throw new BenchFailed("there is no job to make a history of");
        }
        int steps = Math.max(days, count / STEP);
        inParallel(steps, step -> {
            LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(step % days);
            Instant from = day.atStartOfDay(ZoneOffset.UTC).toInstant();
            Instant to = step % days == 0 ? now : from.plus(Duration.ofDays(1));
            int part = step / days;
            int parts = Math.max(1, steps / days);
            Duration slice = Duration.between(from, to).dividedBy(parts);
            return connection -> insertOld(connection, count / steps, from.plus(slice.multipliedBy(part)), slice);
        });
        tidy();
    }

    private static void insertOld(Connection connection, int count, Instant from, Duration length) throws SQLException {
        String small = "'{\"model\":\"bench-echo\",\"messages\":[{\"role\":\"user\",\"content\":\"Long ago.\"}]}'";
        String sql = """
                WITH fresh AS MATERIALIZED (
                    SELECT uuidv7(moment - now()) AS id, moment
                      FROM (SELECT to_timestamp(?) + (g * ?) * interval '1 microsecond' AS moment
                              FROM generate_series(0, ? - 1) AS g) AS moments
                ),
                asked AS (
                    INSERT INTO job (%s) SELECT %s FROM fresh CROSS JOIN bench.old_job AS p
                ),
                called AS (
                    INSERT INTO attempt (%s) SELECT %s FROM fresh CROSS JOIN bench.old_attempt AS p
                )
                INSERT INTO job_outcome (%s) SELECT %s FROM fresh CROSS JOIN bench.old_outcome AS p
                """.formatted(
                        names(connection, "job"),
                        values(connection, "job", Map.of("job_id", "fresh.id", "input", small)),
                        names(connection, "attempt"),
                        values(
                                connection,
                                "attempt",
                                Map.of(
                                        "job_id", "fresh.id",
                                        "started_at", "fresh.moment + interval '1 second'",
                                        "ended_at", "fresh.moment + interval '2 seconds'")),
                        names(connection, "job_outcome"),
                        values(
                                connection,
                                "job_outcome",
                                Map.of(
                                        "job_id", "fresh.id",
                                        "started_at", "fresh.moment + interval '1 second'",
                                        "claimed_at", "fresh.moment + interval '1 second'",
                                        "finished_at", "fresh.moment + interval '2 seconds'",
                                        "deadline_at", "fresh.moment + interval '1 day'",
                                        "result", "'{\"role\":\"assistant\",\"content\":\"Done long ago.\"}'")));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setDouble(1, from.toEpochMilli() / 1_000.0);
            statement.setDouble(2, length.toNanos() / 1_000.0 / count);
            statement.setInt(3, count);
            statement.executeUpdate();
        }
    }

    /// What autovacuum would do in the next minutes, done now, so that it does not happen during a
    /// measurement.
    public void tidy() {
        database.execute("VACUUM (ANALYZE) job_run", "VACUUM (ANALYZE) job", "VACUUM (ANALYZE) job_outcome");
        database.execute("VACUUM (ANALYZE) attempt", "CHECKPOINT");
    }

    private interface Step {
        void run(Connection connection) throws SQLException;
    }

    private interface Steps {
        Step at(int index);
    }

    private void inParallel(int count, Steps steps) {
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> parts = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int first = writer;
                parts.add(writers.submit(() -> {
                    try (Connection connection = database.connect();
                            Statement session = connection.createStatement()) {
                        // These rows need not outlive a power failure.
                        session.execute("SET synchronous_commit = off");
                        for (int i = first; i < count; i += WRITERS) {
                            steps.at(i).run(connection);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> part : parts) {
                part.get();
            }
        } catch (ExecutionException e) {
            throw new BenchFailed("rows cannot be generated: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", e);
        }
    }

    private static String names(Connection connection, String table) throws SQLException {
        return String.join(", ", columns(connection, table));
    }

    /// The pattern's own values but for those that are given.
    private static String values(Connection connection, String table, Map<String, String> given) throws SQLException {
        List<String> columns = columns(connection, table);
        if (!columns.containsAll(given.keySet())) {
            throw new SQLException("table " + table + " has no longer all of the columns " + Set.copyOf(given.keySet())
                    + ": the bench must learn its new shape");
        }
        return String.join(
                ", ",
                columns.stream()
                        .map(column -> given.getOrDefault(column, "p." + column))
                        .toList());
    }

    private static List<String> columns(Connection connection, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.add(row.getString(1));
                }
            }
        }
        return columns;
    }

    private static PGInterval seconds(Duration duration) throws SQLException {
        return new PGInterval(0, 0, 0, 0, 0, duration.toMillis() / 1_000.0);
    }
}
