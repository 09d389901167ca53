package dev.longshore.bench.stack;

import dev.longshore.standalone.Options;
import dev.longshore.standalone.Plans;
import dev.longshore.standalone.arguments.Arguments;
import dev.longshore.standalone.child.ChildPlan;
import dev.longshore.standalone.servers.FreePorts;
import dev.longshore.standalone.servers.PostgresAddress;
import dev.longshore.standalone.servers.PostgresBinaries;
import dev.longshore.standalone.servers.PostgresFolder;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A whole Longshore in processes of its own, run as the standalone runs them, but each by itself: the worker
/// comes and goes as the work at hand needs it. Nothing of it outlives [#close].
public final class RunningStack implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final String WORKER = "worker";
    /// As on a server of some size; the standalone's default is for laptops.
    private static final String SHARED_BUFFERS = "1GB";

    private final Path folder;
    private final Alarm alarm = new Alarm();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Options options;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final String key = "sk-longshore-" + UUID.randomUUID();
    private final PostgresFolder postgresFolder;
    private final Plans plans;
    private final Map<String, Servant> servants = new LinkedHashMap<>();
    private final SimulatorControl simulator;
    private @Nullable Database database;
    private boolean closed;

    /// Nothing is started yet.
    ///
    /// @param home the checkout
    /// @param folder for everything that is written; it need not exist
    public RunningStack(Path home, Path folder) {
        this.folder = folder;
        Iterator<Integer> free = FreePorts.take(6).iterator();
        for (String name : List.of("postgres", "broker", "controller", "simulator", WORKER)) {
            ports.put(name, free.next());
        }
        String[] words = {
            "--home", home.toString(),
            "--data", folder.toString(),
            "--port", Integer.toString(free.next()),
            "--shared-buffers", SHARED_BUFFERS
        };
        options = Options.of(Arguments.of(words, Options.VALUED, Options.FLAGS));
        plans = new Plans(options, ports, http);
        postgresFolder = new PostgresFolder(
                folder.resolve("postgres"),
                PostgresBinaries.unpacked(),
                UUID.randomUUID().toString());
        simulator = new SimulatorControl(port("simulator"));
    }

    /// Starts everything but a worker, and returns when all of it answers.
    ///
    /// @throws BenchFailed when something does not come up
    public void start() throws IOException, SQLException {
        Files.createDirectories(folder);
        OperatorFile.write(operatorFile(), port("simulator"));
        PostgresAddress address = postgresFolder.address(port("postgres"));
        Servant postgres = begin(plans.postgres(postgresFolder, address), Map.of());
        Servant broker = begin(plans.broker(folder.resolve("kafka")), Map.of());
        Servant provider = begin(plans.simulator(), Map.of());
        postgres.awaitReady(START_LIMIT);
        address.createDatabase(PostgresAddress.DATABASE);
        broker.awaitReady(START_LIMIT);
        provider.awaitReady(START_LIMIT);
        begin(plans.api("api", options.port(), address, key), settings(Map.of()))
                .awaitReady(START_LIMIT);
        simulator.script(OperatorFile.script());
        database = new Database(address, alarm);
    }

    /// Starts the worker and returns when it is ready.
    ///
    /// @param settings environment variables that say what it does otherwise than by default
    public void startWorker(Map<String, String> settings) throws IOException {
        PostgresAddress address = postgresFolder.address(port("postgres"));
        begin(plans.worker(WORKER, address), settings(settings)).awaitReady(START_LIMIT);
    }

    /// Stops the worker, if one runs: it hands back what it holds.
    ///
    /// @throws BenchFailed when it had to be killed
    public void stopWorker() {
        Servant worker = take(WORKER);
        if (worker != null && !worker.stop()) {
            throw new BenchFailed(
                    "the worker did not stop when it was asked to; the last it said:\n" + worker.lastWords());
        }
    }

    /// Starts a program of the bench's own, on the flags that the services run on.
    ///
    /// @param heap as `-Xmx` takes it
    /// @param listensOn returns only when it listens on this port; 0 for a program that never does
    public Servant startProgram(String name, Class<?> main, String heap, int listensOn, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        ChildPlan plan = ChildPlan.of(
                name, command, Map.of(), () -> listensOn == 0 || !FreePorts.isFree(listensOn), Duration.ofSeconds(5));
        Servant program = begin(plan, Map.of());
        program.awaitReady(START_LIMIT);
        return program;
    }

    /// Ends a program of the bench's own.
    public void stopProgram(Servant program) {
        program.kill();
        take(program.name());
    }

    public Servant servant(String name) {
        Servant servant;
        synchronized (this) {
            servant = servants.get(name);
        }
        if (servant == null) {
            throw new IllegalStateException(name + " does not run");
        }
        return servant;
    }

    /// Looks into the memory of one of the processes, from now on.
    public HeapWatch heapOf(String name) {
        return HeapWatch.of(servant(name));
    }

    /// The processor time of every process, this one as `generator`.
    public ProcessorTime processorTime() {
        Map<String, Long> pids = new LinkedHashMap<>();
        synchronized (this) {
            servants.forEach((name, servant) -> pids.put(name, servant.pid()));
        }
        pids.put("generator", ProcessHandle.current().pid());
        return ProcessorTime.now(pids, Set.of("postgres"));
    }

    public int apiPort() {
        return options.port();
    }

    /// Where the broker listens.
    String brokers() {
        return "127.0.0.1:" + port("broker");
    }

    public int simulatorPort() {
        return port("simulator");
    }

    /// The first tenant's API key.
    public String key() {
        return key;
    }

    public String workerHeap() {
        return options.workerHeap();
    }

    public Alarm alarm() {
        return alarm;
    }

    public SimulatorControl simulator() {
        return simulator;
    }

    public Database database() {
        if (database == null) {
            throw new IllegalStateException("not started");
        }
        return database;
    }

    /// Ends everything at once; the data is of no use to anybody afterwards.
    @Override
    public void close() throws IOException {
        List<Servant> living;
        synchronized (this) {
            closed = true;
            living = new ArrayList<>(servants.values());
            servants.clear();
        }
        for (Servant servant : living.reversed()) {
            if (servant.name().equals("postgres")) {
                // Killed, it would leave its shared memory behind.
                servant.expectEnd();
                postgresFolder.stop(PostgresFolder.StopMode.IMMEDIATE);
            }
            servant.kill();
        }
    }

    private synchronized Servant begin(ChildPlan plan, Map<String, String> more) throws IOException {
        alarm.check();
        if (closed) {
            throw new BenchFailed("stopped");
        }
        Servant servant = Servant.start(plan, more, folder.resolve("logs"), alarm);
        servants.put(plan.name(), servant);
        return servant;
    }

    private synchronized @Nullable Servant take(String name) {
        return servants.remove(name);
    }

    private Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>(more);
        settings.put("LONGSHORE_CONFIG", operatorFile().toString());
        return settings;
    }

    private Path operatorFile() {
        return folder.resolve("operator.yaml");
    }

    private int port(String name) {
        Integer port = ports.get(name);
        if (port == null) {
            throw new IllegalStateException("no port was chosen for " + name);
        }
        return port;
    }
}
