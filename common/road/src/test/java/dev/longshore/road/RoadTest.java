package dev.longshore.road;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.lane.Lane;
import dev.longshore.lane.Ticket;
import dev.longshore.testing.Servers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The road on a real broker, and without one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoadTest {
    private static final Duration A_WHILE = Duration.ofSeconds(30);

    private final Map<String, Object> kafka =
            Map.of("bootstrap.servers", Servers.shared().kafka());
    private Admin admin;
    private Producer<byte[], byte[]> producer;
    private TicketSender sender;
    private LaneGauge gauge;

    @BeforeAll
    void openTheRoad() throws Exception {
        admin = RoadClients.admin(kafka, "road-test");
        producer = RoadClients.producer(kafka, "road-test");
        sender = new TicketSender(producer);
        gauge = new LaneGauge(admin);
        RoadTopics.ensure(admin);
    }

    @AfterAll
    void closeTheRoad() {
        producer.close(A_WHILE);
        admin.close(A_WHILE);
    }

    @Test
    void everyLaneHasItsTopicsAndAskingAgainIsFine() throws Exception {
        RoadTopics.ensure(admin);

        Set<String> names = new HashSet<>();
        for (Lane lane : Lane.values()) {
            names.add(lane.topic());
            names.add(lane.deadLetterTopic());
        }
        var topics = admin.describeTopics(names).allTopicNames().get(30, TimeUnit.SECONDS);
        for (Lane lane : Lane.values()) {
            assertThat(topics.get(lane.topic()).partitions()).hasSize(RoadTopics.PARTITIONS);
            assertThat(topics.get(lane.deadLetterTopic()).partitions()).hasSize(1);
        }
    }

    @Test
    void ticketsArriveOnTheirLaneInRunsThatPartitionsTakeInTurn() throws Exception {
        List<UUID> jobs = ids(TicketSender.RUN * RoadTopics.PARTITIONS);
        UUID lone = UUID.randomUUID();

        sendAll(Lane.INTERACTIVE, jobs);
        sendAll(Lane.INTERACTIVE, List.of(lone));

        Map<Integer, List<UUID>> places = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : read(Lane.INTERACTIVE, jobs.size() + 1)) {
            UUID jobId = Ticket.read(record.value()).orElseThrow().jobId();
            places.computeIfAbsent(record.partition(), _ -> new ArrayList<>()).add(jobId);
        }
        List<List<UUID>> runs = new ArrayList<>();
        for (int from = 0; from < jobs.size(); from += TicketSender.RUN) {
            runs.add(jobs.subList(from, from + TicketSender.RUN));
        }
        // The lone one is the next in turn, where the first run went.
        runs.set(0, Stream.concat(runs.getFirst().stream(), Stream.of(lone)).toList());
        assertThat(places.values()).containsExactlyInAnyOrderElementsOf(runs);
    }

    private void sendAll(Lane lane, List<UUID> jobs) throws Exception {
        assertThat(sender.send(lane, jobs).toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isEmpty();
    }

    @Test
    void sendingNothingIsDoneAtOnce() {
        assertThat(sender.send(Lane.BATCH, List.of()).toCompletableFuture()).isCompletedWithValue(List.of());
    }

    @Test
    void theGaugeFollowsWhatWorkersCommit() throws Exception {
        LaneReading before = gauge.read().get(Lane.STANDARD);
        assertThat(before.unclaimed()).isZero();
        sender.send(Lane.STANDARD, ids(60)).toCompletableFuture().get(30, TimeUnit.SECONDS);

        LaneReading full = gauge.read().get(Lane.STANDARD);
        assertThat(full.unclaimed()).isEqualTo(60);
        assertThat(full.isPast(before)).isTrue();
        assertThat(full.isPast(full)).isFalse();

        try (Consumer<byte[], byte[]> worker = consumer(Lane.STANDARD)) {
            take(worker, 60);
            worker.commitSync(A_WHILE);
        }

        LaneReading read = gauge.read().get(Lane.STANDARD);
        assertThat(read.unclaimed()).isZero();
        assertThat(read.isPast(full)).isTrue();
        // Emptying comes last: it is about the same lane with marks already made.
        emptiedTopicsHoldNothingUp(read);
    }

    private void emptiedTopicsHoldNothingUp(LaneReading earlier) throws Exception {
        sender.send(Lane.STANDARD, ids(40)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        LaneReading lost = gauge.read().get(Lane.STANDARD);
        assertThat(lost.unclaimed()).isEqualTo(40);
        Map<TopicPartition, RecordsToDelete> everything = new HashMap<>();
        lost.ends()
                .forEach((partition, end) -> everything.put(
                        new TopicPartition(Lane.STANDARD.topic(), partition), RecordsToDelete.beforeOffset(end)));
        admin.deleteRecords(everything).all().get(30, TimeUnit.SECONDS);

        LaneReading emptied = gauge.read().get(Lane.STANDARD);

        assertThat(emptied.unclaimed()).isZero();
        assertThat(emptied.isPast(lost)).isTrue();
        assertThat(emptied.isPast(earlier)).isTrue();
    }

    @Test
    void withoutABrokerTheGaugeAndTheTopicsSaySo() throws Exception {
        try (Admin lost = RoadClients.admin(nobody(), "road-test-lost")) {
            assertThatThrownBy(() -> new LaneGauge(lost).read()).isInstanceOf(RoadUnavailable.class);
            assertThatThrownBy(() -> RoadTopics.ensure(lost)).isInstanceOf(RoadUnavailable.class);
            lost.close(Duration.ZERO);
        }
    }

    @Test
    void withoutABrokerEveryTicketIsReportedLostInTime() throws Exception {
        List<UUID> jobs = ids(50);
        Producer<byte[], byte[]> lost = RoadClients.producer(nobody(), "road-test-lost");
        try {
            List<UUID> failed = new TicketSender(lost)
                    .send(Lane.STANDARD, jobs)
                    .toCompletableFuture()
                    .get(TicketSender.LONGEST_SEND.plus(A_WHILE).toSeconds(), TimeUnit.SECONDS);

            assertThat(failed).containsExactlyInAnyOrderElementsOf(jobs);
        } finally {
            lost.close(Duration.ZERO);
        }
    }

    /// An address where nobody listens.
    private static Map<String, Object> nobody() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Map.of("bootstrap.servers", "127.0.0.1:" + free.getLocalPort());
        }
    }

    private static List<UUID> ids(int count) {
        return IntStream.range(0, count).mapToObj(_ -> UUID.randomUUID()).toList();
    }

    private Consumer<byte[], byte[]> consumer(Lane lane) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, lane.group());
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(lane.topic()));
        return consumer;
    }

    private List<ConsumerRecord<byte[], byte[]>> read(Lane lane, int count) {
        try (Consumer<byte[], byte[]> consumer = consumer(lane)) {
            return take(consumer, count);
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> take(Consumer<byte[], byte[]> consumer, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long patience = System.nanoTime() + A_WHILE.toNanos();
        while (records.size() < count && System.nanoTime() < patience) {
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }
}
