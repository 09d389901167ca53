package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.outbox.JobEvent;
import dev.longshore.outbox.Outbox;
import dev.longshore.testing.Servers;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/// A database of its own for one test class: migrated, with partitions, behind a pool whose sessions are
/// set as those of both services are. Time in it is the database's, so tests move the rows' times instead.
public final class FreshDatabase implements AutoCloseable {
    /// What both services set in every session; see `common/README.md`.
    public static final List<String> SESSION = List.of(
            "SET enable_seqscan = off",
            "SET enable_hashjoin = off",
            "SET enable_mergejoin = off",
            "SET plan_cache_mode = force_generic_plan",
            "SET jit = off");

    /// The tables that tell the jobs' stories.
    private static final List<String> STORY = List.of(
            "job_run",
            "job_outcome",
            "attempt",
            "job_note",
            "job",
            "idempotency_key",
            "usage_total",
            "prediction",
            "replaced_prediction",
            "outbox",
            "job_webhook",
            "webhook_notice",
            "webhook_attempt",
            "webhook_receiver",
            "webhook_endpoint");

    private static final int SESSIONS = 20;
    private static final int TENANTS = 50;

    private final AgroalDataSource pool;
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();

    private record Told(long outboxId, List<Change> changes) {}

    private FreshDatabase(AgroalDataSource pool) {
        this.pool = pool;
    }

    /// Makes the database; the caller closes it.
    public static FreshDatabase make() throws SQLException {
        FreshDatabase database = new FreshDatabase(pool(Servers.shared().newDatabase()));
        Flyway.configure()
                .dataSource(database.source())
                .locations("classpath:db/migration")
                .load()
                .migrate();
        new Partitions(database.source()).makeAhead(database.now());
        // Tests number their tenants from one.
        database.execute(
                "INSERT INTO tenant (tenant_id, name) OVERRIDING SYSTEM VALUE SELECT n, 'tenant-' || n FROM generate_series(1, ?) AS n",
                TENANTS);
        return database;
    }

    private static AgroalDataSource pool(String jdbcUrl) throws SQLException {
        Servers servers = Servers.shared();
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(SESSIONS)
                        .acquisitionTimeout(Duration.ofSeconds(20))
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(jdbcUrl)
                                .principal(new NamePrincipal(servers.user()))
                                .credential(new SimplePassword(servers.password()))
                                .initialSql(String.join("; ", SESSION)))));
    }

    /// Forgets all jobs and what came of them; workers stay.
    public void empty() throws SQLException {
        for (String table : STORY) {
            execute("DELETE FROM " + table);
        }
        told.clear();
    }

    public DataSource source() {
        return pool;
    }

    /// A store that says here what it has changed, see [#told].
    public JobStore store() {
        return new JobStore(pool, (row, changes) -> told.add(new Told(row, changes)));
    }

    /// What [#store] has told since the last time, after a look whether the outbox tells the same.
    public List<JobEvent> told() throws SQLException {
        Outbox outbox = new Outbox(pool);
        List<JobEvent> events = new ArrayList<>();
        for (Told told = this.told.poll(); told != null; told = this.told.poll()) {
            // The outbox tells of the claims before its changes, too, lest nobody has.
            List<JobEvent> posted = told.outboxId() == 0
                    ? List.of()
                    : outbox.read(List.of(told.outboxId())).stream()
                            .filter(event -> event.status() != JobStatus.PROCESSING)
                            .toList();
            List<JobEvent> heard = told.changes().isEmpty()
                    ? posted
                    : told.changes().stream()
                            .map(change -> JobEvent.of(change, "tenant-" + change.tenantId()))
                            .toList();
            if (told.outboxId() != 0) {
                assertThat(heard)
                        .isNotEmpty()
                        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("at")
                        .containsExactlyInAnyOrderElementsOf(posted);
            }
            events.addAll(heard);
        }
        return events;
    }

    /// The database's clock.
    public Instant now() throws SQLException {
        return only("SELECT now()", row -> row.getTimestamp(1).toInstant());
    }

    /// A worker with a lease that outlasts every test.
    public int worker() throws SQLException {
        return only(
                "INSERT INTO worker (name, slots, lease_until) VALUES ('w', 8, now() + interval '1 hour') RETURNING worker_id",
                row -> row.getInt(1));
    }

    /// Lets a worker's lease run out.
    public void loseLease(int worker) throws SQLException {
        execute("UPDATE worker SET lease_until = now() - interval '1 second' WHERE worker_id = ?", worker);
    }

    /// Lets a job's wait be over.
    public void passWait(JobId job) throws SQLException {
        execute("UPDATE job_run SET wake_at = now() - interval '1 second' WHERE job_id = ?", job.uuid());
    }

    /// Lets a job's deadline be past.
    public void passDeadline(JobId job) throws SQLException {
        execute("""
                UPDATE job_run
                   SET deadline_at = now() - interval '1 second', wake_at = now() - interval '1 second'
                 WHERE job_id = ?
                """, job.uuid());
    }

    /// Runs a statement with parameters.
    public int execute(String sql, Object... arguments) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, arguments);
            return statement.execute() ? 0 : statement.getUpdateCount();
        }
    }

    /// Reads one row.
    public <T> T only(String sql, Row<T> reading, Object... arguments) throws SQLException {
        List<T> rows = all(sql, reading, arguments);
        if (rows.size() != 1) {
            throw new AssertionError(rows.size() + " rows instead of one: " + sql);
        }
        return rows.getFirst();
    }

    /// Reads all rows.
    public <T> List<T> all(String sql, Row<T> reading, Object... arguments) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, arguments);
            List<T> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(reading.of(row));
                }
            }
            return rows;
        }
    }

    public long count(String sql, Object... arguments) throws SQLException {
        return only(sql, row -> row.getLong(1), arguments);
    }

    /// The job's row that is going on; null when it is over.
    public @Nullable Run run(JobId job) throws SQLException {
        List<Run> runs = all("SELECT * FROM job_run WHERE job_id = ?", Run::of, job.uuid());
        return runs.isEmpty() ? null : runs.getFirst();
    }

    /// The job's outcome; null while it is not over.
    public @Nullable End end(JobId job) throws SQLException {
        List<End> ends = all("SELECT * FROM job_outcome WHERE job_id = ?", End::of, job.uuid());
        return ends.isEmpty() ? null : ends.getFirst();
    }

    /// The status of a job, wherever it is kept.
    public JobStatus status(JobId job) throws SQLException {
        return JobStatus.of(only("""
                        SELECT status::text FROM job_run WHERE job_id = ?
                        UNION ALL
                        SELECT status::text FROM job_outcome WHERE job_id = ?
                        """, row -> row.getString(1), job.uuid(), job.uuid()))
                .orElseThrow();
    }

    /// What was noted about a job, in order.
    public List<String> notes(JobId job) throws SQLException {
        return all("SELECT kind FROM job_note WHERE job_id = ? ORDER BY note_id", row -> row.getString(1), job.uuid());
    }

    private static void set(PreparedStatement statement, Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    /// Reads one value off a row.
    @FunctionalInterface
    public interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    /// A row of `job_run`, as far as tests look at it.
    public record Run(
            String status,
            @Nullable String waitReason,
            @Nullable String waitDetail,
            boolean dispatched,
            int epoch,
            int attempt,
            @Nullable Integer worker,
            boolean cancelRequested,
            long spentNanos,
            Instant wakeAt,
            Instant deadlineAt,
            Instant rank,
            @Nullable Instant startedAt) {
        static Run of(ResultSet row) throws SQLException {
            return new Run(
                    row.getString("status"),
                    row.getString("wait_reason"),
                    row.getString("wait_detail"),
                    row.getTimestamp("dispatched_at") != null,
                    row.getInt("epoch"),
                    row.getInt("attempt"),
                    row.getObject("worker_id", Integer.class),
                    row.getBoolean("cancel_requested"),
                    row.getLong("spent_nanos"),
                    row.getTimestamp("wake_at").toInstant(),
                    row.getTimestamp("deadline_at").toInstant(),
                    row.getTimestamp("rank").toInstant(),
                    row.getTimestamp("started_at") == null
                            ? null
                            : row.getTimestamp("started_at").toInstant());
        }
    }

    /// A row of `job_outcome`, as far as tests look at it.
    public record End(
            String status,
            int epoch,
            int attempt,
            long costNanos,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            @Nullable String result,
            @Nullable String provider,
            @Nullable String model,
            int inputTokens,
            boolean discarded) {
        static End of(ResultSet row) throws SQLException {
            return new End(
                    row.getString("status"),
                    row.getInt("epoch"),
                    row.getInt("attempt"),
                    row.getLong("cost_nanos"),
                    row.getString("error_code"),
                    row.getString("error_message"),
                    row.getString("result"),
                    row.getString("provider"),
                    row.getString("model"),
                    row.getInt("input_tokens"),
                    row.getTimestamp("discarded_at") != null);
        }
    }

    /// The bare ids of jobs.
    public static List<UUID> uuids(JobId... jobs) {
        return java.util.Arrays.stream(jobs).map(JobId::uuid).toList();
    }
}
