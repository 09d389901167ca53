package dev.longshore.rig;

import dev.longshore.simulator.Script;
import dev.longshore.simulator.Simulator;
import dev.longshore.standalone.servers.Folders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// A whole Longshore in a temporary folder: a PostgreSQL, a broker, API and worker processes, and a provider of paper
/// in
/// this JVM. Every process can be killed, frozen and stopped by itself, and stays so until it is started again.
///
/// For one thread at a time; its [Client], [Books] and simulator are for many.
public final class Cluster implements AutoCloseable {
    /// The lease of its workers: a fraction of the default, so that its end can be waited for.
    public static final Duration LEASE = Duration.ofSeconds(5);

    /// How long its workers drain.
    public static final Duration DRAIN = Duration.ofSeconds(5);

    /// The window of its batch lane.
    public static final int BATCH_WINDOW = 50;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

    private final Packages packages;
    private final Path folder;
    private final Path logs;
    private final Simulator simulator;
    private final Database database;
    private final Books books;
    private final Member broker;
    private final int brokerPort = Ports.steady();
    private final int controllerPort = Ports.steady();
    private final String key = "sk-rig-" + UUID.randomUUID();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
    private final Map<String, Service> services = new TreeMap<>();
    private final Watchman watchman;
    private Client client;

    private Cluster(Packages packages, Path folder) throws IOException {
        this.packages = packages;
        this.folder = folder;
        logs = freshLogs(folder);
        watchman = Watchman.over(folder);
        simulator = Simulator.start(0);
        database = new Database(folder.resolve("postgres"), logs.resolve("postgres.log"));
        books = new Books(database);
        broker = new Member("broker", folder, logs);
        client = new Client(http, key);
        Files.writeString(
                settings(), """
                longshore:
                  providers:
                    paper:
                      dialect: openai
                      base-url: %s
                      timeouts: {connect: 2s, first-byte: 60s, idle: 30s, attempt: 90s}
                  models:
                    sim-small:
                      provider: paper
                      context-tokens: 128000
                      max-output-tokens: 1000
                      usd-per-million: {input: 0.15, output: 0.60}
                      capabilities: [chat]
                  lanes:
                    interactive: {retry: {max-attempts: 10, initial-delay: 100ms, multiplier: 1.5, max-delay: 1s}}
                    standard: {retry: {max-attempts: 10, initial-delay: 100ms, multiplier: 1.5, max-delay: 1s}}
                    batch: {window: %d, retry: {max-attempts: 10, initial-delay: 100ms, multiplier: 1.5, max-delay: 1s}}
                  worker: {slots: 100, heartbeat: 1s, lease: %ds, drain: %ds}
                """.formatted(simulator.baseUrl(), BATCH_WINDOW, LEASE.toSeconds(), DRAIN.toSeconds()));
    }

    /// Starts one with one API and one worker from what the checkout has packaged, and returns when all of it is ready.
    public static Cluster start() throws IOException {
        Cluster cluster = new Cluster(Packages.found(), Files.createTempDirectory("longshore-rig-"));
        try {
            cluster.mend();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /// Brings everything back to where it was after the start: all servers run, API 1 and worker 1 run and no others,
    /// the
    /// provider answers at once, and the client has been promised nothing. What is in the database stays.
    public void mend() {
        simulator.script(Script.EMPTY);
        simulator.release();
        CompletableFuture<Void> databaseUp = CompletableFuture.runAsync(() -> {
            if (database.isAlive()) {
                database.thaw();
            } else {
                database.start();
            }
        });
        if (!broker.isAlive()) {
            startBroker();
        } else {
            broker.thaw();
        }
        databaseUp.join();
        broker.awaitReady();
        List<Service> standing = List.of(api(1), worker(1));
        for (Service service : services.values()) {
            if (service.process().isAlive()) {
                service.process().thaw();
                if (!standing.contains(service)) {
                    service.process().kill();
                }
            }
        }
        for (Service service : standing) {
            if (!service.process().isAlive()) {
                service.begin(Map.of());
            }
        }
        standing.forEach(service -> service.process().awaitReady());
        client = new Client(http, key);
    }

    /// The operator's file that its services read.
    public Path settings() {
        return folder.resolve("longshore.yaml");
    }

    /// The provider.
    public Simulator simulator() {
        return simulator;
    }

    public Database database() {
        return database;
    }

    public Books books() {
        return books;
    }

    public Audit audit() {
        return new Audit(this);
    }

    /// The broker; started again with [#startBroker].
    public Member broker() {
        return broker;
    }

    /// Where the broker listens, as clients are told.
    public String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    /// Starts the broker and returns at once.
    public Member startBroker() {
        var command = new ArrayList<>(packages.broker());
        command.addAll(List.of("--data", folder.resolve("kafka").toString()));
        command.addAll(List.of("--port", Integer.toString(brokerPort)));
        command.addAll(List.of("--controller-port", Integer.toString(controllerPort)));
        broker.begin(command, Map.of(), () -> accepts(brokerPort));
        return broker;
    }

    /// The API of this number, from 1; only the first is started with the cluster.
    public Service api(int number) {
        return services.computeIfAbsent("api-" + number, name -> {
            var environment = environment();
            environment.put("LONGSHORE_BOOTSTRAP_KEY", key);
            return new Service(new Member(name, folder, logs), packages.api(), environment, http);
        });
    }

    /// The worker of this number, from 1; only the first is started with the cluster.
    public Service worker(int number) {
        return services.computeIfAbsent(
                "worker-" + number,
                name -> new Service(new Member(name, folder, logs), packages.worker(), environment(), http));
    }

    /// An API that is running.
    public Service anyApi() {
        return services.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("api-"))
                .map(Map.Entry::getValue)
                .filter(api -> api.process().isAlive())
                .findFirst()
                .orElseThrow();
    }

    /// The caller with the first tenant's key, which may do everything.
    public Client client() {
        return client;
    }

    /// A caller with another key.
    public Client client(String otherKey) {
        return new Client(http, otherKey);
    }

    /// Ends everything and leaves nothing behind.
    @Override
    public void close() throws IOException {
        var members =
                new ArrayList<>(services.values().stream().map(Service::process).toList());
        members.add(broker);
        members.stream().filter(Member::isAlive).forEach(Member::kill);
        database.discard();
        simulator.close();
        http.shutdownNow();
        watchman.close();
        Folders.delete(folder);
    }

    private Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        environment.put("LONGSHORE_CONFIG", settings().toString());
        environment.put("QUARKUS_DATASOURCE_JDBC_URL", database.address().jdbcUrl());
        environment.put("QUARKUS_DATASOURCE_USERNAME", database.address().user());
        environment.put("QUARKUS_DATASOURCE_PASSWORD", database.address().password());
        environment.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers());
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        return environment;
    }

    /// Where the system property `longshore.rig.logs` says, so that they are there when everything else is gone; else
    /// in
    /// the folder.
    private static Path freshLogs(Path folder) throws IOException {
        String configured = System.getProperty("longshore.rig.logs");
        Path logs = configured == null ? folder.resolve("logs") : Path.of(configured);
        Folders.delete(logs);
        return Files.createDirectories(logs);
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) CONNECT_LIMIT.toMillis());
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Whether all of these jobs have ended and no other is live.
    public boolean areOver(Set<String> jobIds) {
        return books.over(jobIds) == jobIds.size() && books.live() == 0;
    }
}
