package dev.longshore.standalone.servers;

import dev.longshore.standalone.arguments.Arguments;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Set;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/// A real Kafka broker with its controller. Kafka halts its JVM on a fatal error, so outside of tests it has one of its
/// own:
///
/// `java -cp 'longshore-standalone.jar:lib/*' dev.longshore.standalone.servers.Broker --data DIR --port N
/// --controller-port N
/// [--node-id N] [--voters 1@127.0.0.1:N,2@127.0.0.1:N,...] [--doors PORT@ADVERTISED,...]`
public final class Broker implements AutoCloseable {
    // The same for every node and every start, so that nodes started apart find themselves in one cluster.
    private static final String CLUSTER_ID = "bG9uZ3Nob3JlLWthZmthMQ";

    private final KafkaRaftServer server;

    private Broker(KafkaRaftServer server) {
        this.server = server;
    }

    /// Starts the broker on the folder, formatting it at the first start, and returns when it takes clients.
    ///
    /// @throws IOException when the folder cannot be formatted
    public static Broker start(BrokerSettings settings) throws IOException {
        Files.createDirectories(settings.data());
        format(settings);
        var server = new KafkaRaftServer(KafkaConfig.fromProps(settings.properties()), Time.SYSTEM);
        server.startup();
        return new Broker(server);
    }

    /// Stops it, everything written out.
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(BrokerSettings settings) throws IOException {
        var silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try {
            new Formatter()
                    .setPrintStream(silent)
                    .setNodeId(settings.nodeId())
                    .setClusterId(CLUSTER_ID)
                    .setControllerListenerName("CONTROLLER")
                    .addDirectory(settings.data().toString())
                    .setMetadataLogDirectory(settings.data().toString())
                    // A folder that is whole stays as it is; one whose formatting was cut short is formatted again.
                    .setIgnoreFormatted(true)
                    .run();
        } catch (Exception e) {
            throw new IOException("cannot format " + settings.data() + " for Kafka", e);
        }
    }

    /// Runs a broker until it is told to stop by `SIGTERM` or `SIGINT`.
    public static void main(String[] args) throws IOException {
        Arguments arguments =
                Arguments.of(args, Set.of("data", "port", "controller-port", "node-id", "voters", "doors"), Set.of());
        int nodeId = arguments.number("node-id", 1, 0, 1_000_000);
        int controllerPort = arguments.number("controller-port", 9093, 1, 65_535);
        var settings = new BrokerSettings(
                nodeId,
                arguments.number("port", 9092, 1, 65_535),
                controllerPort,
                arguments.text("voters").orElse(nodeId + "@127.0.0.1:" + controllerPort),
                arguments.path("data").orElseThrow(() -> new Arguments.Refused("--data is needed")),
                BrokerSettings.Door.read(arguments.text("doors").orElse("")));
        Broker broker = start(settings);
        System.out.println("Kafka broker " + nodeId + " listens on 127.0.0.1:" + settings.port());
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop"));
        broker.server.awaitShutdown();
    }
}
