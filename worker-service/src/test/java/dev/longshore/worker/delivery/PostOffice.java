package dev.longshore.worker.delivery;

import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.Reply;
import dev.longshore.attempt.Usage;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.job.Partitions;
import dev.longshore.job.Settlement.Complete;
import dev.longshore.job.Verdict;
import dev.longshore.job.Verdict.Call;
import dev.longshore.lane.Lane;
import dev.longshore.money.Usd;
import dev.longshore.settings.Network;
import dev.longshore.testing.Servers;
import dev.longshore.view.JobReader;
import dev.longshore.view.JobTales;
import dev.longshore.webhook.AddressGuard;
import dev.longshore.webhook.SigningSecret;
import dev.longshore.webhook.UrlCheck;
import dev.longshore.webhook.WebhookCaller;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/// A database of its own for the tests of one class, and workers that deliver from it. Time in it is the database's, so
/// tests move the rows' times instead.
final class PostOffice {
    private static final List<String> TABLES = List.of(
            "job_run",
            "job_outcome",
            "attempt",
            "job_note",
            "job",
            "job_webhook",
            "outbox",
            "webhook_notice",
            "webhook_attempt",
            "webhook_receiver",
            "webhook_secret",
            "webhook_endpoint");

    /// What both services set in every session.
    private static final String SESSION =
            "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;"
                    + " SET jit = off; SET plan_cache_mode = force_generic_plan";

    private static final int SESSIONS = 20;
    private static final AtomicLong NUMBER = new AtomicLong();

    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AgroalDataSource pool;
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(2)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final WebhookCaller caller;
    private final List<Deliverer> deliverers = new ArrayList<>();

    private PostOffice(AgroalDataSource pool) {
        this.pool = pool;
        // Receivers of tests are on this machine; the rest of the guard stands.
        AddressGuard guard = new AddressGuard(List.of(new Network(InetAddress.ofLiteral("127.0.0.1"), 32)));
        UrlCheck check = new UrlCheck(guard, PostOffice::look);
        caller = new WebhookCaller(vertx, check, InstantSource.system());
    }

    private static List<InetAddress> look(String name) throws UnknownHostException {
        if (name.endsWith(".here.example")) {
            return List.of(InetAddress.ofLiteral("127.0.0.1"));
        }
        throw new UnknownHostException(name);
    }

    static PostOffice open() throws SQLException {
        Servers servers = Servers.shared();
        String url = servers.newDatabase();
        AgroalDataSource pool = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(settings -> settings.maxSize(SESSIONS)
                        .acquisitionTimeout(Duration.ofSeconds(20))
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(url)
                                .principal(new NamePrincipal(servers.user()))
                                .credential(new SimplePassword(servers.password()))
                                .initialSql(SESSION))));
        Flyway.configure()
                .dataSource(pool)
                .locations("classpath:db/migration")
                .load()
                .migrate();
        PostOffice office = new PostOffice(pool);
        new Partitions(pool).makeAhead(Instant.now());
        office.execute(
                "INSERT INTO tenant (tenant_id, name) OVERRIDING SYSTEM VALUE SELECT n, 't-' || n FROM generate_series(1, 5) AS n");
        office.execute(
                "INSERT INTO worker (worker_id, name, slots, lease_until) OVERRIDING SYSTEM VALUE VALUES (1, 'w', 8, now() + interval '1 day')");
        return office;
    }

    /// As if nothing had happened yet; deliverers are stopped.
    void clear() throws SQLException, InterruptedException {
        stop(Duration.ZERO);
        for (String table : TABLES) {
            execute("DELETE FROM " + table);
        }
    }

    DataSource database() {
        return pool;
    }

    /// A worker that delivers until the test is over.
    Deliverer deliverer() {
        return deliverer(deliverers.size() + 1, bodies(), 0.5);
    }

    Deliverer deliverer(int worker, Bodies bodies, double chance) {
        DeliveryMeter meter = new DeliveryMeter(metrics);
        Deliverer deliverer = new Deliverer(
                pool,
                caller,
                bodies,
                new SwitchOff(pool, meter),
                new DeliveryBook(pool)::write,
                pacing(),
                () -> worker,
                InstantSource.system(),
                () -> chance,
                meter);
        deliverers.add(deliverer);
        deliverer.start();
        return deliverer;
    }

    private final List<Pacing> bells = new ArrayList<>();

    private Pacing pacing() {
        Pacing pacing = new Pacing();
        bells.add(pacing);
        return pacing;
    }

    JobBodies bodies() {
        return new JobBodies(new JobTales(pool, new JobReader(pool, Duration.ofDays(30))));
    }

    /// Calls all workers, as settling does.
    void call() {
        bells.forEach(Pacing::call);
    }

    void stop(Duration patience) throws InterruptedException {
        for (Deliverer deliverer : deliverers) {
            deliverer.stopClaiming();
        }
        for (Deliverer deliverer : deliverers) {
            deliverer.finish(patience);
        }
        deliverers.clear();
        bells.clear();
    }

    JobStore store() {
        return new JobStore(pool, (_, _) -> call());
    }

    /// An enabled endpoint with a secret.
    UUID endpoint(String url, String... events) throws SQLException {
        UUID id = UUID.randomUUID();
        execute(
                "INSERT INTO webhook_endpoint (endpoint_id, tenant_id, url, events) VALUES (?, 1, ?, string_to_array(?, ','))",
                id,
                url,
                String.join(",", events));
        secret(id);
        return id;
    }

    /// A current secret of an endpoint, or of the first tenant.
    SigningSecret secret(@Nullable UUID endpoint) throws SQLException {
        SigningSecret secret = SigningSecret.create(new SecureRandom());
        execute(
                """
                INSERT INTO webhook_secret (secret_id, tenant_id, endpoint_id, symmetric_key, private_key, public_key)
                VALUES (uuidv7(), 1, ?, ?, ?, ?)
                """,
                endpoint,
                secret.shared().bytes(),
                secret.pair().privateBytes(),
                secret.pair().publicKey().bytes());
        return secret;
    }

    /// Notices to an endpoint whose bodies are there already, due since a while, oldest first.
    void notices(UUID endpoint, int count) throws SQLException {
        execute("""
                INSERT INTO webhook_notice (receiver_id, endpoint_id, seq, happened_at, due_at, tenant_id, type, body)
                SELECT ?, ?, n, now(), now() - interval '1 minute' + n * interval '1 microsecond', 1, 'job.complete', '{"n":' || n || '}'
                  FROM generate_series(1, ?) AS n
                """, endpoint, endpoint, count);
    }

    /// A notice to the URL of a job.
    void noticeTo(UUID receiver, String url) throws SQLException {
        execute("""
                INSERT INTO webhook_notice (receiver_id, url, seq, happened_at, due_at, tenant_id, type, body)
                VALUES (?, ?, 1, now(), now(), 1, 'job.complete', '{}')
                """, receiver, url);
    }

    /// Lets everything that waits be due.
    void passWaits() throws SQLException {
        execute(
                "UPDATE webhook_notice SET due_at = now() - interval '1 second' WHERE status = 'pending' AND claimed_until IS NULL");
        call();
    }

    /// Lets all rests of receivers be over.
    void passRests() throws SQLException {
        execute("UPDATE webhook_receiver SET open_until = now() - interval '1 second'");
        call();
    }

    /// Accepts jobs and claims them.
    List<ClaimedJob> claimedJobs(int count, NewJob.@Nullable Webhook webhook) throws SQLException {
        List<NewJob> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            JobId id = new JobId(new UUID(
                    Instant.now().toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L | NUMBER.incrementAndGet()));
            jobs.add(new NewJob(
                    id,
                    1,
                    "chat",
                    1,
                    Lane.STANDARD,
                    0,
                    "m",
                    "{\"model\":\"m\"}",
                    null,
                    null,
                    3,
                    Duration.ofHours(1),
                    null,
                    false,
                    null,
                    null,
                    true,
                    webhook));
        }
        JobStore store = store();
        store.accept(jobs);
        store.feed(Lane.STANDARD, count, 0);
        return store.claim(1, jobs.stream().map(job -> job.id().uuid()).toList());
    }

    /// Completes jobs with a result.
    void complete(List<ClaimedJob> jobs, String result) throws SQLException {
        Instant now = Instant.now();
        store().settle(
                        jobs.stream()
                                .map(job -> {
                                    Answer answer = new Answer(
                                            result,
                                            new Usage(1, 0, 1),
                                            "m-1",
                                            Duration.ofMillis(5),
                                            new Reply(200, null, null, null));
                                    return new Verdict(
                                            job,
                                            new Complete(answer),
                                            new Call(
                                                    "p",
                                                    "m",
                                                    now,
                                                    now,
                                                    new Answered(answer),
                                                    answer.usage(),
                                                    new Usd(5),
                                                    Usd.ZERO));
                                })
                                .toList(),
                        0);
    }

    int execute(String sql, @Nullable Object... arguments) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return statement.execute() ? 0 : statement.getUpdateCount();
        }
    }

    /// The rows' columns as PostgreSQL writes them, separated by spaces.
    List<String> rows(String sql, @Nullable Object... arguments) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            List<String> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    StringBuilder line = new StringBuilder();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        line.append(i == 1 ? "" : " ").append(row.getString(i));
                    }
                    rows.add(line.toString());
                }
            }
            return rows;
        }
    }

    String one(String sql, @Nullable Object... arguments) throws SQLException {
        List<String> rows = rows(sql, arguments);
        if (rows.size() != 1) {
            throw new AssertionError(rows + " instead of one row: " + sql);
        }
        return rows.getFirst();
    }

    void close() throws InterruptedException {
        stop(Duration.ZERO);
        caller.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        pool.close();
    }
}
