package dev.longshore.standalone;

import dev.longshore.standalone.child.Backoff;
import dev.longshore.standalone.child.Child;
import dev.longshore.standalone.child.ChildPlan;
import dev.longshore.standalone.child.Orphans;
import dev.longshore.standalone.child.Terminal;
import dev.longshore.standalone.servers.FreePorts;
import dev.longshore.standalone.servers.PostgresAddress;
import dev.longshore.standalone.servers.PostgresBinaries;
import dev.longshore.standalone.servers.PostgresFolder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// All processes of one standalone Longshore, started in the order of their needs and stopped in the opposite one.
final class Stack {
    private static final Duration SERVER_LIMIT = Duration.ofSeconds(90);
    private static final Duration SERVICE_LIMIT = Duration.ofSeconds(120);
    private static final Duration ORPHAN_PATIENCE = Duration.ofSeconds(10);

    private final Options options;
    private final DataFolder data;
    private final Terminal terminal;
    private final String apiKey;
    private final Map<String, Integer> ports;
    private final long began = System.nanoTime();
    private final List<Child> workers = new CopyOnWriteArrayList<>();
    private final List<Child> apis = new CopyOnWriteArrayList<>();
    private final List<Child> servers = new CopyOnWriteArrayList<>();
    private final Object stopping = new Object();
    private boolean stopped;

    private Stack(Options options, DataFolder data, Terminal terminal, String apiKey, Map<String, Integer> ports) {
        this.options = options;
        this.data = data;
        this.terminal = terminal;
        this.apiKey = apiKey;
        this.ports = ports;
    }

    /// Takes the folder and clears the way: what an earlier run left running is ended, ports are chosen. Nothing is
    /// started yet.
    ///
    /// @param environment of this process
    /// @throws Unstartable when something stands in the way; the message says what to do about it
    static Stack prepare(Options options, Map<String, String> environment, Terminal terminal)
            throws IOException, Unstartable {
        requireBuilt(options.apiJar());
        if (options.workers() > 0) requireBuilt(options.workerJar());
        DataFolder data;
        try {
            data = DataFolder.take(options.data());
        } catch (DataFolder.InUse e) {
            throw new Unstartable(e.getMessage(), e);
        }
        try {
            return prepare(options, environment, terminal, data);
        } catch (IOException | Unstartable e) {
            data.close();
            throw e;
        }
    }

    private static Stack prepare(Options options, Map<String, String> environment, Terminal terminal, DataFolder data)
            throws IOException, Unstartable {
        endOrphans(data, terminal);
        if (options.fresh()) {
            new PostgresFolder(data.resolve("postgres"), PostgresBinaries.unpacked(), "")
                    .stop(PostgresFolder.StopMode.IMMEDIATE);
            data.clear();
        }
        for (int i = 0; i < options.apis(); i++) {
            if (!FreePorts.isFree(options.port() + i)) {
                throw new Unstartable("port " + (options.port() + i)
                        + " is taken by another program: stop that one, or choose another port with --port");
            }
        }
        var names = new ArrayList<>(List.of("postgres", "broker", "controller"));
        if (environment.getOrDefault("LONGSHORE_CONFIG", "").isBlank()) names.add("simulator");
        for (int i = 0; i < options.workers(); i++) names.add(numbered("worker", i));
        return new Stack(
                options,
                data,
                terminal,
                data.apiKey(environment.get("LONGSHORE_BOOTSTRAP_KEY")),
                data.ports(names, options.port()));
    }

    /// Starts everything and returns when all of it is ready.
    ///
    /// @throws Unstartable when a process does not come up; the caller then stops what did
    void start() throws IOException, Unstartable {
        try (var http = HttpClient.newHttpClient()) {
            var folder =
                    new PostgresFolder(data.resolve("postgres"), PostgresBinaries.unpacked(), data.postgresPassword());
            PostgresAddress database = folder.address(port("postgres"));
            // The client lives as long as the questions that are asked with it: only while we wait.
            var plans = new Plans(options, ports, http);
            Child postgres = begin(servers, plans.postgres(folder, database));
            Child broker = begin(servers, plans.broker(data.resolve("kafka")));
            if (ports.containsKey("simulator")) begin(servers, plans.simulator());
            awaitReady(postgres, SERVER_LIMIT);
            database.createDatabase(PostgresAddress.DATABASE);
            awaitReady(broker, SERVER_LIMIT);
            for (int i = 0; i < options.apis(); i++) {
                begin(apis, plans.api(numbered("api", i), options.port() + i, database, apiKey));
            }
            for (int i = 0; i < options.workers(); i++) {
                begin(workers, plans.worker(numbered("worker", i), database));
            }
            for (Child service : children(servers, apis, workers)) awaitReady(service, SERVICE_LIMIT);
        } catch (Child.NotReady e) {
            throw new Unstartable(e.getMessage(), e);
        } catch (SQLException e) {
            throw new Unstartable("the database could not be created: " + e.getMessage(), e);
        }
    }

    /// Stops everything: first the workers, which finish or hand back what they hold, last the database. A second
    /// caller waits for the first and then finds nothing to do.
    void stop() {
        synchronized (stopping) {
            synchronized (this) {
                if (stopped) return;
                stopped = true;
            }
            terminal.say("stopping: the workers finish or hand back what they hold");
            stopAll(workers);
            stopAll(apis);
            // One after the other: the simulator, the broker and last PostgreSQL.
            for (Child server : servers.reversed()) server.stop();
            try {
                data.close();
            } catch (IOException e) {
                terminal.say("the data folder could not be given back: " + e.getMessage());
            }
            terminal.say("stopped; everything accepted is kept in " + data.path());
        }
    }

    /// Where the first API answers.
    URI api() {
        return URI.create("http://127.0.0.1:" + options.port());
    }

    /// The first tenant's key.
    String apiKey() {
        return apiKey;
    }

    /// The folder that everything is kept in.
    Path folder() {
        return data.path();
    }

    /// Where the simulator listens, when it is the provider.
    OptionalInt simulatorPort() {
        Integer port = ports.get("simulator");
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /// All children that were started, servers first.
    List<Child> children() {
        return children(servers, apis, workers);
    }

    private synchronized Child begin(List<Child> kind, ChildPlan plan) throws IOException, Unstartable {
        if (stopped) throw new Unstartable("stopped before everything was up");
        Child child = new Child(plan, data.path(), Backoff.USUAL, terminal, options.verbose());
        kind.add(child);
        return child.start();
    }

    private void awaitReady(Child child, Duration limit) throws Child.NotReady {
        child.awaitReady(limit);
        if (options.verbose()) {
            terminal.say("%s is ready after %.1f s".formatted(child.name(), seconds()));
        }
    }

    /// Seconds since the start was asked for.
    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    private void stopAll(List<Child> kind) {
        var threads = kind.stream()
                .map(child -> Thread.ofPlatform().name("stop " + child.name()).start(child::stop))
                .toList();
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void endOrphans(DataFolder data, Terminal terminal) throws IOException {
        Path marks = data.resolve("run");
        var ended = new ArrayList<String>();
        // In the order of a usual stop. PostgreSQL is left to its own folder, which knows how to stop it without
        // waiting for
        // its clients.
        ended.addAll(Orphans.end(marks, name -> name.startsWith("worker"), ORPHAN_PATIENCE));
        ended.addAll(Orphans.end(marks, name -> name.startsWith("api"), ORPHAN_PATIENCE));
        ended.addAll(Orphans.end(marks, name -> !name.equals("postgres"), ORPHAN_PATIENCE));
        if (!ended.isEmpty()) terminal.say("ended what an earlier run left running: " + String.join(", ", ended));
    }

    private static void requireBuilt(Path jar) throws Unstartable {
        if (!Files.exists(jar)) throw new Unstartable(jar + " is missing: build it first (scripts/start does)");
    }

    private int port(String name) {
        Integer port = ports.get(name);
        if (port == null) throw new IllegalStateException("no port was chosen for " + name);
        return port;
    }

    @SafeVarargs
    private static List<Child> children(List<Child>... kinds) {
        var all = new ArrayList<Child>();
        for (List<Child> kind : kinds) all.addAll(kind);
        return all;
    }

    private static String numbered(String name, int index) {
        return index == 0 ? name : name + "-" + (index + 1);
    }

    /// Something stands in the way of starting; the message is for the person at the terminal.
    static final class Unstartable extends Exception {
        private static final long serialVersionUID = 1;

        Unstartable(String message) {
            super(message);
        }

        Unstartable(@Nullable String message, Throwable cause) {
            super(message, cause);
        }
    }
}
