package dev.longshore.rig.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.job.JobId;
import dev.longshore.rig.Database;
import dev.longshore.rig.proof.Ledger;
import dev.longshore.rig.proof.Violation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads what the database says of all jobs, each time in one snapshot over a session of its own.
final class Bookkeeper {
    private static final String TENANT = "tenant-";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

    private final Database database;

    Bookkeeper(Database database) {
        this.database = database;
    }

    /// The name of the client's tenant of this number.
    static String tenantName(int number) {
        return TENANT + number;
    }

    /// The client's number of the tenant of this name, or a negative one of a tenant that is not the client's.
    ///
    /// @param id tells it from other strangers
    static int tenantNumber(String name, int id) {
        return name.startsWith(TENANT) ? Integer.parseInt(name.substring(TENANT.length())) : -Math.abs(id);
    }

    /// Everything; tenants by the client's numbers. Nothing may go on meanwhile.
    Ledger read() throws SQLException {
        List<Ledger.Step> steps = new Storyteller(database).steps();
        try (Connection connection = snapshot();
                Statement statement = connection.createStatement()) {
            Map<Integer, Integer> tenants = new HashMap<>();
            try (ResultSet row = statement.executeQuery("SELECT tenant_id, name FROM tenant")) {
                while (row.next()) {
                    tenants.put(row.getInt(1), tenantNumber(row.getString(2), row.getInt(1)));
                }
            }
            return new Ledger(
                    rows(
                            statement,
                            """
                            SELECT job_id, tenant_id, coalesce(labels ->> 'order', '-1')::int, lane, max_attempts, fail_on_unknown,
                                   run_at IS NOT NULL, labels::text
                              FROM job
                            """,
                            row -> new Ledger.Job(
                                    id(row),
                                    tenant(tenants, row),
                                    row.getInt(3),
                                    row.getString(4),
                                    row.getInt(5),
                                    row.getBoolean(6),
                                    row.getBoolean(7),
                                    JobId.parse(id(row)).orElseThrow().createdAt(),
                                    labels(row.getString(8)))),
                    rows(
                            statement,
                            "SELECT job_id, status, epoch, attempt FROM job_run",
                            row -> new Ledger.Run(id(row), row.getString(2), row.getInt(3), row.getInt(4))),
                    rows(
                            statement,
                            """
                            SELECT job_id, tenant_id, lane, status, epoch, attempt, cost_nanos, started_at, finished_at
                              FROM job_outcome
                            """,
                            row -> new Ledger.Outcome(
                                    id(row),
                                    tenant(tenants, row),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getInt(5),
                                    row.getInt(6),
                                    row.getLong(7),
                                    instant(row.getTimestamp(8)),
                                    row.getTimestamp(9).toInstant())),
                    rows(
                            statement,
                            """
                            SELECT job_id, tenant_id, model, epoch, attempt, worker_id, outcome, charged, input_tokens, output_tokens,
                                   cost_nanos, started_at, ended_at
                              FROM attempt
                             ORDER BY job_id, epoch
                            """,
                            row -> new Ledger.Attempt(
                                    id(row),
                                    tenant(tenants, row),
                                    row.getString(3),
                                    row.getInt(4),
                                    row.getInt(5),
                                    row.getInt(6),
                                    row.getString(7),
                                    row.getBoolean(8),
                                    row.getLong(9),
                                    row.getLong(10),
                                    row.getLong(11),
                                    row.getTimestamp(12).toInstant(),
                                    row.getTimestamp(13).toInstant())),
                    rows(
                            statement,
                            "SELECT job_id, kind, at FROM job_note ORDER BY note_id",
                            row -> new Ledger.Note(
                                    id(row),
                                    row.getString(2),
                                    row.getTimestamp(3).toInstant())),
                    rows(
                            statement,
                            "SELECT job_id, tenant_id, key FROM idempotency_key",
                            row -> new Ledger.Key(tenant(tenants, row), row.getString(3), id(row))),
                    rows(
                            statement,
                            """
                            SELECT NULL, tenant_id, model, sum(attempts), sum(completed), sum(input_tokens), sum(output_tokens),
                                   sum(cost_nanos)
                              FROM usage_total
                             GROUP BY tenant_id, model
                            """,
                            row -> new Ledger.Total(
                                    tenant(tenants, row),
                                    row.getString(3),
                                    row.getLong(4),
                                    row.getLong(5),
                                    row.getLong(6),
                                    row.getLong(7),
                                    row.getLong(8))),
                    steps);
        }
    }

    /// What must hold at every instant, looked at now: no job is open and over, nothing is recorded
    /// under an epoch that is still running or was never given out, and the totals are the sum of the
    /// attempts.
    List<Violation> contradictions() throws SQLException {
        List<Violation> found = new ArrayList<>();
        try (Connection connection = snapshot();
                Statement statement = connection.createStatement()) {
            rows(statement, "SELECT r.job_id FROM job_run r JOIN job_outcome o USING (job_id)", Bookkeeper::id)
                    .forEach(job -> found.add(
                            new Violation("I3", "open and over at once, during the run: " + job, Set.of(job))));
            rows(statement, """
                            SELECT r.job_id
                              FROM job_run r
                              JOIN attempt a USING (job_id)
                             WHERE a.epoch > r.epoch OR (a.epoch = r.epoch AND r.status = 'processing')
                            """, Bookkeeper::id)
                    .forEach(job -> found.add(new Violation(
                            "I4", "an attempt was recorded under an epoch that still runs: " + job, Set.of(job))));
            rows(
                            statement,
                            """
                            SELECT t.attempts, a.attempts, t.cost, a.cost
                              FROM (SELECT coalesce(sum(attempts), 0) AS attempts, coalesce(sum(cost_nanos), 0) AS cost FROM usage_total) AS t,
                                   (SELECT count(*) AS attempts, coalesce(sum(cost_nanos), 0) AS cost FROM attempt) AS a
                             WHERE t.attempts <> a.attempts OR t.cost <> a.cost
                            """,
                            row -> row.getLong(1) + " booked, " + row.getLong(2) + " recorded; cost " + row.getLong(3)
                                    + " booked, " + row.getLong(4) + " recorded")
                    .forEach(what -> found.add(new Violation("I7", "during the run: " + what, Set.of())));
        }
        return found;
    }

    /// How many jobs are live.
    long live() throws SQLException {
        try (Connection connection = snapshot();
                Statement statement = connection.createStatement()) {
            return rows(statement, "SELECT count(*) FROM job_run", row -> row.getLong(1))
                    .getFirst();
        }
    }

    /// Some jobs, over or live, the newest first.
    List<UUID> someJobs(int most) throws SQLException {
        try (Connection connection = snapshot();
                Statement statement = connection.createStatement()) {
            List<UUID> some = new ArrayList<>(rows(
                    statement,
                    "SELECT job_id FROM job_outcome ORDER BY job_id DESC LIMIT " + most,
                    row -> row.getObject(1, UUID.class)));
            some.addAll(
                    rows(statement, "SELECT job_id FROM job_run LIMIT " + most, row -> row.getObject(1, UUID.class)));
            return some;
        }
    }

    @FunctionalInterface
    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private Connection snapshot() throws SQLException {
        Connection connection = database.connect();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        return connection;
    }

    private static <T> List<T> rows(Statement statement, String sql, Reading<T> reading) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(reading.of(row));
            }
        }
        return rows;
    }

    private static String id(ResultSet row) throws SQLException {
        return new JobId(row.getObject(1, UUID.class)).toString();
    }

    private static Map<String, String> labels(@Nullable String json) {
        try {
            return json == null ? Map.of() : JSON.readValue(json, LABELS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("labels that are no object of strings: " + json, e);
        }
    }

    private static int tenant(Map<Integer, Integer> tenants, ResultSet row) throws SQLException {
        int id = row.getInt(2);
        return tenants.getOrDefault(id, -id);
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
