package dev.longshore.provider;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Where all workers read and write which models of which providers may be called now. Each change is one guarded
/// statement: of several workers that want to make it, one does.
public final class ProviderBoard {
    private static final String BREAKERS = """
            SELECT provider, model, key_number, state, reason, open_until, openings, trial_worker
              FROM breaker
            """;

    private static final String RESTS = """
            SELECT provider, key_number, model, until, reason
              FROM provider_rest
             WHERE until > now()
            """;

    private static final String PAUSES = """
            SELECT provider
              FROM provider_pause
            """;

    // One that drains makes no more calls.
    private static final String WORKERS = """
            SELECT count(*)
              FROM worker
             WHERE lease_until > now() AND NOT draining
            """;

    private static final String OPEN = """
            INSERT INTO breaker AS b (provider, model, key_number, state, reason, open_until, openings)
            VALUES (?, ?, ?, 'open', ?, now() + ? * interval '1 millisecond', 1)
            ON CONFLICT (provider, model, key_number) DO UPDATE
               SET state = 'open',
                   reason = excluded.reason,
                   changed_at = now(),
                   open_until = excluded.open_until,
                   openings = b.openings + 1,
                   trial_worker = NULL
             WHERE b.state = 'closed' OR b.trial_worker = ?
            """;

    private static final String TAKE_TRIAL = """
            UPDATE breaker b
               SET state = 'half_open', changed_at = now(), trial_worker = ?
             WHERE provider = ? AND model = ? AND key_number = ?
               AND (state = 'open' AND open_until <= now()
                    OR state = 'half_open'
                       AND NOT EXISTS (SELECT 1 FROM worker w WHERE w.worker_id = b.trial_worker AND w.lease_until > now()))
            """;

    private static final String CLOSE = """
            UPDATE breaker
               SET state = 'closed', reason = 'the trial call went well', changed_at = now(), open_until = NULL, openings = 0,
                   trial_worker = NULL
             WHERE provider = ? AND model = ? AND key_number = ? AND trial_worker = ?
            """;

    // The trial told nothing; the next may be made at once.
    private static final String GIVE_TRIAL_BACK = """
            UPDATE breaker
               SET state = 'open', changed_at = now(), open_until = now(), trial_worker = NULL
             WHERE provider = ? AND model = ? AND key_number = ? AND trial_worker = ?
            """;

    private static final String REST = """
            INSERT INTO provider_rest AS r (provider, key_number, model, until, reason)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (provider, key_number, model) DO UPDATE
               SET until = greatest(r.until, excluded.until), reason = excluded.reason
            """;

    private static final String REPORT = """
            INSERT INTO provider_report (provider, model, worker_id, at, in_flight, calls, failures, slow, throttled, latencies)
            VALUES (?, ?, ?, now(), ?, ?, ?, ?, ?, ?)
            ON CONFLICT (provider, model, worker_id) DO UPDATE
               SET at = now(), in_flight = excluded.in_flight, calls = excluded.calls, failures = excluded.failures,
                   slow = excluded.slow, throttled = excluded.throttled, latencies = excluded.latencies
            """;

    private static final String FORGET_REPORTS = """
            DELETE FROM provider_report
             WHERE at < now() - interval '10 minutes'
            """;

    private final DataSource database;

    /// @param database hands out connections in auto-commit mode
    public ProviderBoard(DataSource database) {
        this.database = database;
    }

    /// The states of a breaker.
    public enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /// A breaker as it stands; one that is not on the board is closed.
    ///
    /// @param openUntil when a trial call may be made
    /// @param trialWorker who makes the trial call
    public record Breaker(
            BreakerName name,
            State state,
            String reason,
            @Nullable Instant openUntil,
            @Nullable Integer trialWorker) {}

    /// A time before which one key must not be used for a model.
    public record Rest(String provider, int key, String model, Instant until, String reason) {}

    /// Everything that stands on the board.
    ///
    /// @param workers how many make calls now
    public record Reading(List<Breaker> breakers, List<Rest> rests, Set<String> paused, int workers) {}

    /// What one worker saw of a model in the last minute.
    ///
    /// @param latencies calls by [LatencyBuckets]
    public record Report(
            String provider,
            String model,
            int inFlight,
            long calls,
            long failures,
            long slow,
            long throttled,
            long[] latencies) {}

    public Reading read() throws SQLException {
        List<Breaker> breakers = new ArrayList<>();
        List<Rest> rests = new ArrayList<>();
        Set<String> paused = new HashSet<>();
        int workers;
        try (Connection connection = database.getConnection()) {
            try (PreparedStatement statement = connection.prepareStatement(BREAKERS);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int trialWorker = row.getInt("trial_worker");
                    breakers.add(new Breaker(
                            new BreakerName(
                                    row.getString("provider"), row.getString("model"), row.getInt("key_number")),
                            State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                            row.getString("reason"),
                            row.getTimestamp("open_until") == null
                                    ? null
                                    : row.getTimestamp("open_until").toInstant(),
                            trialWorker == 0 ? null : trialWorker));
                }
            }
            try (PreparedStatement statement = connection.prepareStatement(RESTS);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rests.add(new Rest(
                            row.getString("provider"),
                            row.getInt("key_number"),
                            row.getString("model"),
                            row.getTimestamp("until").toInstant(),
                            row.getString("reason")));
                }
            }
            try (PreparedStatement statement = connection.prepareStatement(PAUSES);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    paused.add(row.getString("provider"));
                }
            }
            try (PreparedStatement statement = connection.prepareStatement(WORKERS);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                workers = row.getInt(1);
            }
        }
        return new Reading(breakers, rests, paused, workers);
    }

    /// Opens a closed breaker, or again the one whose trial call this worker has made.
    ///
    /// @param openFor until a trial call may be made
    /// @return whether it was this worker who opened it
    public boolean open(BreakerName name, String reason, Duration openFor, int workerId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(OPEN)) {
            int next = name(statement, 1, name);
            statement.setString(next, reason);
            statement.setLong(next + 1, openFor.toMillis());
            statement.setInt(next + 2, workerId);
            return statement.executeUpdate() == 1;
        }
    }

    /// Takes the one trial call of an open breaker whose time has come. A worker that has died with the trial in hand
    /// has lost it.
    ///
    /// @return whether this worker may make it
    public boolean takeTrial(BreakerName name, int workerId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(TAKE_TRIAL)) {
            statement.setInt(1, workerId);
            name(statement, 2, name);
            return statement.executeUpdate() == 1;
        }
    }

    /// Closes the breaker whose trial call this worker has made.
    public void close(BreakerName name, int workerId) throws SQLException {
        endTrial(CLOSE, name, workerId);
    }

    /// Ends a trial that told nothing.
    public void giveTrialBack(BreakerName name, int workerId) throws SQLException {
        endTrial(GIVE_TRIAL_BACK, name, workerId);
    }

    private void endTrial(String sql, BreakerName name, int workerId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(name(statement, 1, name), workerId);
            statement.executeUpdate();
        }
    }

    /// @return the place after it
    private static int name(PreparedStatement statement, int place, BreakerName name) throws SQLException {
        statement.setString(place, name.provider());
        statement.setString(place + 1, name.model());
        statement.setInt(place + 2, name.key());
        return place + 3;
    }

    /// Tells the other workers that a key is to be left alone for a while.
    public void rest(Rest rest) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(REST)) {
            statement.setString(1, rest.provider());
            statement.setInt(2, rest.key());
            statement.setString(3, rest.model());
            statement.setTimestamp(4, Timestamp.from(rest.until()));
            statement.setString(5, rest.reason());
            statement.executeUpdate();
        }
    }

    /// Writes down what a worker saw, for those who look.
    public void report(int workerId, Collection<Report> reports) throws SQLException {
        try (Connection connection = database.getConnection()) {
            try (PreparedStatement statement = connection.prepareStatement(REPORT)) {
                for (Report report : reports) {
                    statement.setString(1, report.provider());
                    statement.setString(2, report.model());
                    statement.setInt(3, workerId);
                    statement.setInt(4, report.inFlight());
                    statement.setLong(5, report.calls());
                    statement.setLong(6, report.failures());
                    statement.setLong(7, report.slow());
                    statement.setLong(8, report.throttled());
                    Object[] latencies = new Object[report.latencies().length];
                    for (int i = 0; i < latencies.length; i++) {
                        latencies[i] = Math.toIntExact(Math.min(Integer.MAX_VALUE, report.latencies()[i]));
                    }
                    statement.setArray(9, connection.createArrayOf("int4", latencies));
                    statement.addBatch();
                }
                statement.executeBatch();
            }
            try (PreparedStatement statement = connection.prepareStatement(FORGET_REPORTS)) {
                statement.executeUpdate();
            }
        }
    }
}
