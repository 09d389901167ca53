package dev.longshore.rig;

import dev.longshore.job.JobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/// What stands in the database, read over a session of its own each time, so that it can be read after
/// any fault.
public final class Books {
    private static final List<String> BREAKERS_WATCHED = List.of(
            "CREATE TABLE IF NOT EXISTS rig_breaker (at timestamptz, model text, state text)",
            "DELETE FROM rig_breaker",
            """
            CREATE OR REPLACE FUNCTION rig_breaker() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.key_number < 0 THEN
                    INSERT INTO rig_breaker VALUES (clock_timestamp(), NEW.model, NEW.state);
                END IF;
                RETURN NEW;
            END $$
            """,
            "CREATE OR REPLACE TRIGGER rig_breaker AFTER INSERT OR UPDATE ON breaker FOR EACH ROW EXECUTE FUNCTION rig_breaker()");

    private final Database database;

    Books(Database database) {
        this.database = database;
    }

    /// One attempt as it was recorded.
    public record Attempt(
            String jobId, int epoch, int attempt, int workerId, String outcome, boolean charged, Instant endedAt) {}

    /// How one job ended.
    public record Outcome(String jobId, int epoch, int attempt, String status, Instant finishedAt) {}

    /// One live job.
    public record Run(String jobId, String status, int epoch, int attempt, boolean dispatched) {}

    /// The attempts at these jobs, by job and epoch.
    public List<Attempt> attempts(Collection<String> jobIds) {
        return query(
                """
                SELECT job_id, epoch, attempt, worker_id, outcome, charged, ended_at
                  FROM attempt
                 WHERE job_id = ANY (?)
                 ORDER BY job_id, epoch
                """,
                row -> new Attempt(
                        id(row),
                        row.getInt(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getString(5),
                        row.getBoolean(6),
                        row.getTimestamp(7).toInstant()),
                uuids(jobIds));
    }

    /// The ends of those of these jobs that are over, by job.
    public List<Outcome> outcomes(Collection<String> jobIds) {
        return query(
                """
                SELECT job_id, epoch, attempt, status, finished_at
                  FROM job_outcome
                 WHERE job_id = ANY (?)
                 ORDER BY job_id
                """,
                row -> new Outcome(
                        id(row),
                        row.getInt(2),
                        row.getInt(3),
                        row.getString(4),
                        row.getTimestamp(5).toInstant()),
                uuids(jobIds));
    }

    /// All live jobs, whoever submitted them.
    public List<Run> runs() {
        return query("""
                SELECT job_id, status, epoch, attempt, dispatched_at IS NOT NULL
                  FROM job_run
                 ORDER BY job_id
                """, row -> new Run(id(row), row.getString(2), row.getInt(3), row.getInt(4), row.getBoolean(5)));
    }

    /// How many jobs are live, whoever submitted them.
    public long live() {
        return number("SELECT count(*) FROM job_run");
    }

    /// How many of these jobs are over.
    public long over(Collection<String> jobIds) {
        return number("SELECT count(*) FROM job_outcome WHERE job_id = ANY (?)", uuids(jobIds));
    }

    /// How many notes of this kind these jobs have.
    public long notes(String kind, Collection<String> jobIds) {
        return number("SELECT count(*) FROM job_note WHERE kind = ? AND job_id = ANY (?)", kind, uuids(jobIds));
    }

    /// When the last of these jobs was rescued.
    public Instant lastRescue(Collection<String> jobIds) {
        return query(
                        "SELECT max(at) FROM job_note WHERE kind = 'rescued' AND job_id = ANY (?)",
                        row -> row.getTimestamp(1).toInstant(),
                        uuids(jobIds))
                .getFirst();
    }

    /// The state of the breaker of a model, `closed` while nothing is known of it.
    public String breaker(String model) {
        List<String> states =
                query("SELECT state FROM breaker WHERE model = ? AND key_number < 0", row -> row.getString(1), model);
        return states.isEmpty() ? "closed" : states.getFirst();
    }

    /// How many calls for these jobs broke off in the middle of a stream: what was heard of each is booked.
    public long brokenStreams(Collection<String> jobIds) {
        return number(
                "SELECT count(*) FROM attempt WHERE outcome = 'broken' AND output_tokens > 0 AND job_id = ANY (?)",
                uuids(jobIds));
    }

    /// From now on every change of a model's breaker is written down; what was written before is forgotten.
    public void watchBreakers() {
        for (String statement : BREAKERS_WATCHED) {
            execute(statement);
        }
    }

    /// A time in which a breaker was half open, so that one call was to be made.
    public record HalfOpen(String model, Instant from, Instant until) {
        /// Whether a call came in then.
        public boolean has(String calledModel, Instant at) {
            return calledModel.equals(model) && !at.isBefore(from) && at.isBefore(until);
        }
    }

    /// The times in which breakers were half open since they are watched. A trial that is taken from a worker that
    /// has died begins another.
    public List<HalfOpen> halfOpen() {
        return query(
                """
                SELECT model, at, until
                  FROM (SELECT model, at, state, lead(at, 1, clock_timestamp()) OVER (PARTITION BY model ORDER BY at) AS until
                          FROM rig_breaker) AS seen
                 WHERE state = 'half_open'
                """,
                row -> new HalfOpen(
                        row.getString(1),
                        row.getTimestamp(2).toInstant(),
                        row.getTimestamp(3).toInstant()));
    }

    private void execute(String sql) {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the database could not be written: " + e.getMessage(), e);
        }
    }

    /// How many predictions have been bought whose job is not over.
    public long predictionsUnderWay() {
        return number("""
                SELECT count(*)
                  FROM prediction p
                  JOIN job_run r ON r.job_id = p.job_id
                 WHERE p.provider_id IS NOT NULL
                """);
    }

    /// Why those of these jobs that failed did so, with how many each, the most frequent first.
    public List<String> failures(Collection<String> jobIds) {
        return query("""
                SELECT count(*) || ' ' || error_code || ' on ' || lane
                  FROM job_outcome
                 WHERE job_id = ANY (?) AND status = 'failed'
                 GROUP BY error_code, lane
                 ORDER BY count(*) DESC
                """, row -> row.getString(1), uuids(jobIds));
    }

    /// The numbers under which a worker process has joined, oldest first.
    public List<Integer> memberships(Member worker) {
        return query(
                "SELECT worker_id FROM worker WHERE name LIKE ? ORDER BY worker_id",
                row -> row.getInt(1),
                worker.pid() + "@%");
    }

    /// Whether a worker process has said that it drains.
    public boolean drains(Member worker) {
        return number("SELECT count(*) FROM worker WHERE draining AND name LIKE ?", worker.pid() + "@%") > 0;
    }

    /// When a worker process has last said that it lives, on the database's clock.
    public Instant lastBeat(Member worker) {
        return query(
                        "SELECT max(beat_at) FROM worker WHERE name LIKE ?",
                        row -> row.getTimestamp(1).toInstant(),
                        worker.pid() + "@%")
                .getFirst();
    }

    /// Sessions of this application that wait for somebody else's lock.
    public long waitingForLocks(String application) {
        return number(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = ? AND wait_event_type = 'Lock'",
                application);
    }

    /// Ends the sessions of this application that wait for somebody else's lock; what they were doing
    /// never happens.
    public void endThoseWaitingForLocks(String application) {
        number("""
                SELECT count(pg_terminate_backend(pid, 5000))
                  FROM pg_stat_activity
                 WHERE application_name = ? AND wait_event_type = 'Lock'
                """, application);
    }

    /// The database's time.
    public Instant now() {
        return query("SELECT clock_timestamp()", row -> row.getTimestamp(1).toInstant())
                .getFirst();
    }

    @FunctionalInterface
    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private long number(String sql, Object... arguments) {
        return query(sql, row -> row.getLong(1), arguments).getFirst();
    }

    private <T> List<T> query(String sql, Reading<T> reading, Object... arguments) {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                Object argument = arguments[i];
                if (argument instanceof List<?> ids) {
                    statement.setArray(i + 1, connection.createArrayOf("uuid", ids.toArray()));
                } else {
                    statement.setObject(i + 1, argument);
                }
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(reading.of(row));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException("the database could not be read: " + e.getMessage(), e);
        }
    }

    private static String id(ResultSet row) throws SQLException {
        return new JobId(row.getObject(1, UUID.class)).toString();
    }

    private static List<UUID> uuids(Collection<String> jobIds) {
        return jobIds.stream().map(id -> JobId.parse(id).orElseThrow().uuid()).toList();
    }
}
