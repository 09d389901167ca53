package dev.longshore.standalone.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerTest {
    private static final String TOPIC = "lane";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path temporary;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void leaveNothingRunning() {
        started.forEach(Process::destroyForcibly);
        started.forEach(process -> process.onExit().join());
    }

    @Test
    void recordsAreKeptWhenTheBrokerIsKilledAndComesBackOnOtherPorts() throws Exception {
        int port = FreePorts.take();
        Process first = start(1, port, FreePorts.take(), null, temporary.resolve("kafka"));
        createTopic(port, 1);
        send(port, 100);
        first.destroyForcibly().waitFor();

        int other = FreePorts.take();
        start(1, other, FreePorts.take(), null, temporary.resolve("kafka"));
        assertThat(records(other)).isEqualTo(100);
    }

    @Test
    void aBrokerStopsOnRequestAndKeepsItsRecords() throws Exception {
        int port = FreePorts.take();
        int controller = FreePorts.take();
        Process first = start(1, port, controller, null, temporary.resolve("kafka"));
        createTopic(port, 1);
        send(port, 10);
        first.destroy();
        assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();

        start(1, port, controller, null, temporary.resolve("kafka"));
        assertThat(records(port)).isEqualTo(10);
    }

    @Test
    void aMisspeltTopicIsRefusedInsteadOfMade() throws Exception {
        int port = FreePorts.take();
        start(1, port, FreePorts.take(), null, temporary.resolve("kafka"));
        try (Admin admin = admin(port)) {
            var question = admin.describeTopics(List.of("lnae")).allTopicNames();
            assertThat(catchThrowableOfType(ExecutionException.class, () -> question.get(20, TimeUnit.SECONDS)))
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void threeNodesAreOneClusterThatOutlivesOneOfThem() throws Exception {
        var ports = FreePorts.take(6);
        String voters = "1@127.0.0.1:" + ports.get(3) + ",2@127.0.0.1:" + ports.get(4) + ",3@127.0.0.1:" + ports.get(5);
        for (int node = 1; node <= 3; node++) {
            launch(node, ports.get(node - 1), ports.get(node + 2), voters, temporary.resolve("kafka-" + node));
        }
        for (int node = 1; node <= 3; node++) awaitPort(ports.get(node - 1));
        createTopic(ports.getFirst(), 3);
        send(ports.getFirst(), 10);

        started.getFirst().destroyForcibly().waitFor();
        assertThat(records(ports.get(1))).isEqualTo(10);
        send(ports.get(1), 10);
        assertThat(records(ports.get(2))).isEqualTo(20);
    }

    private Process start(int node, int port, int controllerPort, String voters, Path data) throws IOException {
        Process process = launch(node, port, controllerPort, voters, data);
        awaitPort(port);
        return process;
    }

    private Process launch(int node, int port, int controllerPort, String voters, Path data) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Broker.class.getName(),
                "--node-id",
                Integer.toString(node),
                "--port",
                Integer.toString(port),
                "--controller-port",
                Integer.toString(controllerPort),
                "--data",
                data.toString()));
        if (voters != null) command.addAll(List.of("--voters", voters));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        temporary.resolve("log").toFile()))
                .start();
        started.add(process);
        return process;
    }

    private static void awaitPort(int port) {
        await().atMost(LIMIT).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            }
        });
    }

    private static void createTopic(int port, int copies) throws Exception {
        try (Admin admin = admin(port)) {
            // A cluster that is still gathering refuses as many copies as it does not have nodes yet.
            await().atMost(LIMIT)
                    .until(() -> admin.describeCluster().nodes().get().size() >= copies);
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) copies)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static Admin admin(int port) {
        return Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port));
    }

    private static void send(int port, int count) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + port, "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(TOPIC, "key", "record " + i)).get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static int records(int port) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + port),
                new StringDeserializer(),
                new StringDeserializer())) {
            var partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition), LIMIT).get(partition);
            consumer.seekToBeginning(List.of(partition));
            var values = new ArrayList<String>();
            await().atMost(LIMIT).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(polled -> values.add(polled.value()));
                return values.size() >= end;
            });
            return values.size();
        }
    }
}
