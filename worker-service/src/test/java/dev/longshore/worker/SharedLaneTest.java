package dev.longshore.worker;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.lane.Lane;
import dev.longshore.lane.Ticket;
import dev.longshore.road.LaneGauge;
import dev.longshore.road.LaneReading;
import dev.longshore.simulator.Behaviour;
import dev.longshore.simulator.Fault;
import dev.longshore.simulator.FaultKind;
import dev.longshore.simulator.Script;
import dev.longshore.simulator.Simulator;
import dev.longshore.testing.LongshoreServers;
import dev.longshore.worker.JobDesk.Wish;
import dev.longshore.worker.intake.Intake;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/// A lane whose partitions go from one reader to another.
@QuarkusTest
@WithTestResource(LongshoreServers.class)
@WithTestResource(PaperProvider.class)
class SharedLaneTest {
    private static final Lane LANE = Lane.BATCH;

    @Inject
    JobDesk desk;

    @Inject
    Intake intake;

    @Inject
    Producer<byte[], byte[]> producer;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    private final Simulator simulator = PaperProvider.simulator();

    /// Tickets are in this worker's hand when half of the partitions go to another reader, which reads further than
    /// they are.
    @Test
    void aReaderIsNotSetBackByWhoeverReadBeforeIt() throws Exception {
        simulator.release();
        simulator.reset();
        simulator.script(Script.EMPTY.with("sim-small", Behaviour.ORDINARY.withFaults(Fault.of(FaultKind.HOLD))));
        List<JobId> running = desk.submit("held", Wish.ORDINARY.on(LANE), 16, true);
        // Of twenty slots the two other lanes keep two each, however idle they are.
        await().until(() -> simulator.stats().all().open() == 16);
        List<JobId> inHand = desk.submit("held", Wish.ORDINARY.on(LANE), 80, false);
        try (Admin admin = Admin.create(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            LaneGauge gauge = new LaneGauge(admin);
            int partitions = reading(gauge).ends().size();
            spread(inHand, partitions);
            await().until(() -> intake.held(LANE) == inHand.size());

            try (KafkaConsumer<byte[], byte[]> other = anotherReader()) {
                other.subscribe(List.of(LANE.topic()));
                await().until(() -> {
                    other.poll(Duration.ofMillis(50));
                    return other.assignment().size() == partitions / 2;
                });
                // Of the worker's partitions too, so that it is seen when it has told how far it is.
                spread(inHand, partitions);
                Map<Integer, Long> ends = reading(gauge).ends();
                Map<TopicPartition, OffsetAndMetadata> theirs = new HashMap<>();
                other.assignment()
                        .forEach(partition -> theirs.put(
                                partition,
                                new OffsetAndMetadata(Objects.requireNonNull(ends.get(partition.partition())))));
                other.commitSync(theirs);

                simulator.script(Script.EMPTY);
                simulator.release();
                await().until(() -> {
                    other.poll(Duration.ofMillis(50));
                    Map<Integer, Long> read = reading(gauge).read();
                    return ends.keySet().stream()
                            .filter(partition -> !theirs.containsKey(new TopicPartition(LANE.topic(), partition)))
                            .allMatch(partition -> Objects.equals(read.get(partition), ends.get(partition)));
                });

                assertThat(other.assignment()).hasSize(partitions / 2);
                assertThat(reading(gauge).read()).isEqualTo(ends);
            }
        }
        running.forEach(job -> desk.awaitState(job, "complete"));
        inHand.forEach(job -> desk.awaitState(job, "complete"));
    }

    private static LaneReading reading(LaneGauge gauge) throws Exception {
        return Objects.requireNonNull(gauge.read().get(LANE));
    }

    private void spread(List<JobId> jobs, int partitions) {
        int next = 0;
        for (JobId job : jobs) {
            producer.send(
                    new ProducerRecord<>(LANE.topic(), next++ % partitions, null, new Ticket(job.uuid()).bytes()));
        }
        producer.flush();
    }

    private KafkaConsumer<byte[], byte[]> anotherReader() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        LANE.group(),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        CooperativeStickyAssignor.class.getName()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
