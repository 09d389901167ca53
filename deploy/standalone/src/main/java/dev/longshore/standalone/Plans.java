package dev.longshore.standalone;

import dev.longshore.standalone.child.ChildPlan;
import dev.longshore.standalone.servers.Broker;
import dev.longshore.standalone.servers.PostgresAddress;
import dev.longshore.standalone.servers.PostgresFolder;
import dev.longshore.standalone.servers.PostgresSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How each kind of child is run: by the standalone, and by whoever wants the same processes one by one.
public final class Plans {
    private static final String KEY = "LONGSHORE_BOOTSTRAP_KEY";
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    /// A worker drains for up to 30 s by itself; what it does after that is not a drain any more.
    private static final Duration DRAIN = Duration.ofSeconds(35);
    private static final Duration STOP = Duration.ofSeconds(15);
    private static final Duration STOP_POSTGRES = Duration.ofSeconds(35);

    private final Options options;
    private final Map<String, Integer> ports;
    private final HttpClient http;

    /// @param ports of `postgres`, `broker`, `controller`, each worker by its name, and `simulator` if there is one
    /// @param http asks the services whether they are ready
    public Plans(Options options, Map<String, Integer> ports, HttpClient http) {
        this.options = options;
        this.ports = ports;
        this.http = http;
    }

    /// The database server; [PostgresAddress#createDatabase] is left to the caller, once it answers.
    public ChildPlan postgres(PostgresFolder folder, PostgresAddress address) {
        var settings = PostgresSettings.durable(options.sharedBuffers());
        // Which statements cost what: the first question when the database is slow.
        if (folder.offers("pg_stat_statements"))
            settings = settings.with("shared_preload_libraries", "pg_stat_statements");
        return new ChildPlan(
                        "postgres",
                        folder.serverCommand(address.port(), settings),
                        Map.of(),
                        Set.of(),
                        folder::prepare,
                        address::answers,
                        _ -> folder.stop(PostgresFolder.StopMode.FAST),
                        STOP_POSTGRES)
                .withholding(KEY);
    }

    /// Kafka: one broker, on the given folder.
    public ChildPlan broker(Path data) {
        int port = port("broker");
        var command = java("256m");
        // A small stack is seldom up for long: what the second compiler would make faster, it first takes from all
        // others.
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Broker.class.getName()));
        command.addAll(List.of("--data", data.toString(), "--port", Integer.toString(port)));
        command.addAll(List.of("--controller-port", Integer.toString(port("controller"))));
        return ChildPlan.of("broker", command, Map.of(), () -> accepts(port), STOP)
                .withholding(KEY);
    }

    /// The provider made of paper.
    public ChildPlan simulator() {
        int port = port("simulator");
        var command = java("256m");
        command.addAll(List.of("-cp", options.simulatorClasspath(), "dev.longshore.simulator.Simulator"));
        command.addAll(List.of("--port", Integer.toString(port)));
        Path script = options.simulatorScript();
        if (script != null) command.addAll(List.of("--script", script.toString()));
        return ChildPlan.of("simulator", command, Map.of(), () -> accepts(port), STOP)
                .withholding(KEY);
    }

    /// One API process.
    ///
    /// @param apiKey the first tenant's
    public ChildPlan api(String name, int port, PostgresAddress database, String apiKey) {
        var environment = service(port, database);
        environment.put(KEY, apiKey);
        return ChildPlan.of(name, service(options.apiHeap(), options.apiJar()), environment, () -> healthy(port), STOP);
    }

    /// One worker process.
    public ChildPlan worker(String name, PostgresAddress database) {
        int port = port(name);
        return ChildPlan.of(
                        name,
                        service(options.workerHeap(), options.workerJar()),
                        service(port, database),
                        () -> healthy(port),
                        DRAIN)
                .withholding(KEY);
    }

    private Map<String, String> service(int port, PostgresAddress database) {
        var environment = new HashMap<String, String>();
        environment.put("QUARKUS_DATASOURCE_JDBC_URL", database.jdbcUrl());
        environment.put("QUARKUS_DATASOURCE_USERNAME", database.user());
        environment.put("QUARKUS_DATASOURCE_PASSWORD", database.password());
        environment.put("KAFKA_BOOTSTRAP_SERVERS", LOOPBACK + ":" + port("broker"));
        environment.put("QUARKUS_HTTP_HOST", LOOPBACK);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        if (ports.containsKey("simulator")) environment.put("SIMULATOR_PORT", Integer.toString(port("simulator")));
        return environment;
    }

    private static List<String> service(String heap, Path jar) {
        var command = java(heap);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    private static ArrayList<String> java(String heap) {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                // On two cores and small heaps the collector with the fewest threads wins.
                "-XX:+UseSerialGC",
                // A process that is out of memory is of no use to anybody; a new one is.
                "-XX:+ExitOnOutOfMemoryError",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED"));
    }

    private int port(String name) {
        Integer port = ports.get(name);
        if (port == null) throw new IllegalStateException("no port was chosen for " + name);
        return port;
    }

    private boolean healthy(int port) {
        var request = HttpRequest.newBuilder(URI.create("http://" + LOOPBACK + ":" + port + "/q/health/ready"))
                .timeout(ANSWER_LIMIT)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) ANSWER_LIMIT.toMillis());
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
