package dev.longshore.rig;

import dev.longshore.rig.receiver.PaperNameServer;
import dev.longshore.simulator.Script;
import dev.longshore.simulator.Simulator;
import dev.longshore.standalone.servers.Folders;
import dev.longshore.standalone.servers.PostgresAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A whole Longshore in a temporary folder: a PostgreSQL, a broker, API and worker processes, and a
/// provider of paper in this JVM. Every process can be killed, frozen and stopped by itself, and stays
/// so until it is started again.
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
    private final PaperNameServer names;
    private final Database database;
    private final Books books;
    private final Layout layout;
    private final List<Broker> brokers = new ArrayList<>();
    private final @Nullable Wires wires;
    private final String key = "sk-rig-" + UUID.randomUUID();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
    private final Map<String, Service> services = new TreeMap<>();
    private final Watchman watchman;
    private Client client;
    private boolean begun;

    private record Broker(Member member, int port, int controllerPort) {}

    private Cluster(Packages packages, Path folder, Layout layout, @Nullable Path whereLogs) throws IOException {
        this.packages = packages;
        this.folder = folder;
        this.layout = layout;
        logs = whereLogs == null ? freshLogs(folder) : Files.createDirectories(whereLogs);
        watchman = Watchman.over(folder);
        simulator = Simulator.start(0);
        names = new PaperNameServer();
        database = new Database(folder.resolve("postgres"), logs.resolve("postgres.log"), layout.sessions());
        books = new Books(database);
        for (int i = 1; i <= layout.brokers(); i++) {
            String name = layout.brokers() == 1 ? "broker" : "broker-" + i;
            brokers.add(new Broker(new Member(name, folder, logs), Ports.steady(), Ports.steady()));
        }
        List<String> standing = new ArrayList<>();
        for (int i = 1; i <= layout.apis(); i++) {
            standing.add("api-" + i);
        }
        for (int i = 1; i <= layout.workers(); i++) {
            standing.add("worker-" + i);
        }
        wires = layout.wired()
                ? new Wires(standing, database.address().port(), layout.brokers(), simulator.port())
                : null;
        client = new Client(http, key);
        writeSettings(settings(), simulator.baseUrl(), "paper");
        // Later calls find these, whichever thread makes them.
        for (String service : standing) {
            if (service.startsWith("api-")) {
                api(number(service));
            } else {
                worker(number(service));
            }
        }
    }

    /// @param providerKey the provider sees its last four characters
    private void writeSettings(Path file, String provider, String providerKey) throws IOException {
        Files.writeString(file, """
                longshore:
                  providers:
                    paper:
                      dialect: openai
                      base-url: %s
                      api-keys: ["sk-%s"]
                      %s
                    later:
                      dialect: prediction
                      base-url: %s
                      api-keys: ["sk-%s"]
                      prediction: {progress: /metrics/progress, progress-message: /logs}
                  models:
                    sim-small:
                      provider: paper
                      context-tokens: 128000
                      max-output-tokens: 1000
                      usd-per-million: {input: 0.15, output: 0.60}
                      capabilities: [chat]
                    sim-later:
                      provider: later
                      max-output-tokens: 1000
                      usd-per-million: {input: 0.15, output: 0.60}
                  lanes:
                    interactive: {retry: {max-attempts: 10, initial-delay: 100ms, multiplier: 1.5, max-delay: 1s}}
                    standard: {retry: {max-attempts: 10, initial-delay: 100ms, multiplier: 1.5, max-delay: 1s}}
                    batch: {window: %d, retry: {max-attempts: 10, initial-delay: 100ms, multiplier: 1.5, max-delay: 1s}}
                  worker: {slots: %d, heartbeat: 1s, lease: %ds, drain: %ds}
                  webhooks: {allow-networks: ["127.0.0.1/32"], name-servers: ["%s"]}
                """.formatted(
                        provider,
                        providerKey,
                        String.join("\n      ", layout.provider()),
                        provider,
                        providerKey,
                        BATCH_WINDOW,
                        layout.slots(),
                        LEASE.toSeconds(),
                        DRAIN.toSeconds(),
                        names.address()));
    }

    /// Starts one with one API and one worker from what the checkout has packaged, and returns when all
    /// of it is ready.
    public static Cluster start() throws IOException {
        return start(Layout.ONE_OF_EACH, null);
    }

    /// Starts one from what the checkout has packaged, and returns when all of it is ready.
    ///
    /// @param logs where what the processes say is kept; null for where the system property
    ///     `longshore.rig.logs` says, or else in the system's own folder, with which it vanishes
    public static Cluster start(Layout layout, @Nullable Path logs) throws IOException {
        Cluster cluster = new Cluster(Packages.found(), Files.createTempDirectory("longshore-rig-"), layout, logs);
        try {
            cluster.mend();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /// Brings everything back to where it was after the start: all servers run, and of APIs and workers
    /// those of the layout and no others, each as it is usually started, nothing is broken on the wires, the
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
        if (wires != null) {
            wires.heal();
        }
        for (int i = 1; i <= brokers.size(); i++) {
            if (!broker(i).isAlive()) {
                startBroker(i);
            } else {
                broker(i).thaw();
            }
        }
        databaseUp.join();
        brokers.forEach(broker -> broker.member().awaitReady());
        if (!begun) {
            begun = true;
            learnToStart();
        }
        List<Service> standing = standing();
        for (Service service : services.values()) {
            if (service.process().isAlive()) {
                service.process().thaw();
                if (!standing.contains(service) || !service.isAsUsual()) {
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

    /// What is learnt here is known to all systems of this package.
    private void learnToStart() {
        List<CompletableFuture<Void>> lessons = new ArrayList<>();
        if (!packages.quickStart("api").isLearnt()) {
            lessons.add(CompletableFuture.runAsync(api(1)::learnToStart));
        }
        if (!packages.quickStart("worker").isLearnt()) {
            lessons.add(CompletableFuture.runAsync(worker(1)::learnToStart));
        }
        lessons.forEach(CompletableFuture::join);
    }

    /// The APIs and workers that run when nothing is broken.
    public List<Service> standing() {
        List<Service> standing = new ArrayList<>();
        for (int i = 1; i <= layout.apis(); i++) {
            standing.add(api(i));
        }
        for (int i = 1; i <= layout.workers(); i++) {
            standing.add(worker(i));
        }
        return standing;
    }

    /// How large it is and of what kind.
    public Layout layout() {
        return layout;
    }

    /// The wires of a wired system.
    public Wires wires() {
        return Objects.requireNonNull(wires, "this system has no wires");
    }

    /// The operator's file that its services read.
    public Path settings() {
        return folder.resolve("longshore.yaml");
    }

    /// Whom its services ask for the addresses of receivers.
    public PaperNameServer names() {
        return names;
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

    /// The only broker, or the first; started again with [#startBroker()].
    public Member broker() {
        return broker(1);
    }

    /// The broker of this number, from 1; started again with [#startBroker(int)].
    public Member broker(int number) {
        return brokers.get(number - 1).member();
    }

    /// Where the brokers listen, for clients that nothing shall befall.
    public String bootstrapServers() {
        return brokers.stream().map(broker -> "127.0.0.1:" + broker.port()).collect(Collectors.joining(","));
    }

    /// Starts the only broker, or the first, and returns at once.
    public Member startBroker() {
        return startBroker(1);
    }

    /// Starts a broker and returns at once.
    public Member startBroker(int number) {
        Broker broker = brokers.get(number - 1);
        var command = new ArrayList<>(packages.broker(layout.brokerHeap()));
        command.addAll(List.of("--node-id", Integer.toString(number)));
        command.addAll(List.of("--data", folder.resolve("kafka-" + number).toString()));
        command.addAll(List.of("--port", Integer.toString(broker.port())));
        command.addAll(List.of("--controller-port", Integer.toString(broker.controllerPort())));
        command.addAll(List.of("--voters", voters()));
        if (wires != null) {
            command.addAll(List.of("--doors", wires.doors(number)));
        }
        broker.member().begin(command, Map.of(), () -> accepts(broker.port()));
        return broker.member();
    }

    private String voters() {
        List<String> voters = new ArrayList<>();
        for (int i = 1; i <= brokers.size(); i++) {
            voters.add(i + "@127.0.0.1:" + brokers.get(i - 1).controllerPort());
        }
        return String.join(",", voters);
    }

    /// The API of this number, from 1; those of the layout are started with the system.
    public Service api(int number) {
        return services.computeIfAbsent("api-" + number, name -> {
            var environment = environment(name);
            environment.put("LONGSHORE_BOOTSTRAP_KEY", key);
            return new Service(
                    new Member(name, folder, logs), packages::api, packages.quickStart("api"), environment, http);
        });
    }

    /// The worker of this number, from 1; those of the layout are started with the system.
    public Service worker(int number) {
        return services.computeIfAbsent(
                "worker-" + number,
                name -> new Service(
                        new Member(name, folder, logs),
                        packages::worker,
                        packages.quickStart("worker"),
                        environment(name),
                        http));
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

    /// The first tenant's key.
    String key() {
        return key;
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
        brokers.forEach(broker -> members.add(broker.member()));
        members.stream().filter(Member::isAlive).forEach(Member::kill);
        database.discard();
        if (wires != null) {
            wires.close();
        }
        simulator.close();
        names.close();
        http.shutdownNow();
        watchman.close();
        Folders.delete(folder);
    }

    private Map<String, String> environment(String service) {
        var environment = new HashMap<String, String>();
        boolean wired = wires != null && wires.services().contains(service);
        environment.put("LONGSHORE_CONFIG", settingsOf(service, wired).toString());
        environment.put(
                "QUARKUS_DATASOURCE_JDBC_URL",
                wired
                        ? "jdbc:postgresql://127.0.0.1:"
                                + wires().database(service).port() + "/" + PostgresAddress.DATABASE
                        : database.address().jdbcUrl());
        environment.put("QUARKUS_DATASOURCE_USERNAME", database.address().user());
        environment.put("QUARKUS_DATASOURCE_PASSWORD", database.address().password());
        environment.put(
                "KAFKA_BOOTSTRAP_SERVERS",
                wired
                        ? wires().brokers(service).stream()
                                .map(wire -> "127.0.0.1:" + wire.port())
                                .collect(Collectors.joining(","))
                        : bootstrapServers());
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        return environment;
    }

    /// A wired worker reaches the provider over its own wire, and with a key of its own, by which the
    /// provider's books tell the workers apart.
    private Path settingsOf(String service, boolean wired) {
        if (!wired || !service.startsWith("worker-")) {
            return settings();
        }
        Path file = folder.resolve(service + ".yaml");
        try {
            writeSettings(
                    file,
                    "http://127.0.0.1:" + wires().provider(service).port() + "/v1",
                    "paper-" + keyTail(number(service)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /// The last four characters of a wired worker's key for the provider.
    public static String keyTail(int worker) {
        return "wrk%d".formatted(worker);
    }

    private static int number(String service) {
        return Integer.parseInt(service.substring(service.indexOf('-') + 1));
    }

    /// Where the system property `longshore.rig.logs` says, so that they are there when everything else
    /// is gone; else in the folder.
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
