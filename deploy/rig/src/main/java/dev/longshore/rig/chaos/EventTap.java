package dev.longshore.rig.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.rig.proof.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads the event topic while a run is on, as an outsider would.
final class EventTap implements AutoCloseable {
    private static final String TOPIC = "job.events";

    /// What models say and how far jobs are may be lost, so nothing is concluded from it.
    private static final Set<String> HEARSAY = Set.of("job.token", "job.progress");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Event> events = new ArrayList<>();
    private final List<String> slips = new ArrayList<>();
    private final Thread thread;
    private volatile boolean over;

    EventTap(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        thread = Thread.ofPlatform().name("event-tap").daemon().start(this::read);
    }

    /// Reads on to where the topic ends now, and stops.
    ///
    /// @return everything that was told, in the order in which it was read
    List<Event> everything() throws InterruptedException {
        stop();
        long giveUp = System.nanoTime() + PATIENCE.multipliedBy(6).toNanos();
        while (System.nanoTime() < giveUp) {
            try {
                Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment(), PATIENCE);
                if (!ends.isEmpty()
                        && ends.entrySet().stream()
                                .allMatch(end -> consumer.position(end.getKey(), PATIENCE) >= end.getValue())) {
                    return List.copyOf(events);
                }
                take();
            } catch (KafkaException _) {
                Pause.millis(POLL.toMillis());
            }
        }
        slips.add("the event topic could not be read to its end");
        return List.copyOf(events);
    }

    /// What kept it from reading everything.
    List<String> slips() {
        return List.copyOf(slips);
    }

    private void read() {
        while (!over) {
            try {
                if (consumer.assignment().isEmpty()) {
                    assign();
                } else {
                    take();
                }
            } catch (KafkaException _) {
                // The brokers are away, which somebody has seen to.
                Pause.millis(POLL.toMillis());
            }
        }
    }

    private void assign() {
        Set<TopicPartition> places = consumer.partitionsFor(TOPIC, PATIENCE).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .collect(Collectors.toSet());
        consumer.assign(places);
        consumer.seekToBeginning(places);
    }

    private void take() {
        for (ConsumerRecord<byte[], byte[]> told : consumer.poll(POLL)) {
            try {
                JsonNode value = JSON.readTree(told.value());
                if (!HEARSAY.contains(value.path("type").asText())) {
                    events.add(event(told, value));
                }
            } catch (IOException | RuntimeException e) {
                slips.add("an event that nobody can read: " + new String(told.value(), StandardCharsets.UTF_8) + ", "
                        + e.getMessage());
            }
        }
    }

    private static Event event(ConsumerRecord<byte[], byte[]> told, JsonNode value) {
        String tenant = value.path("tenant").asText();
        String job = value.path("job_id").asText();
        String type = value.path("type").asText();
        boolean inPlace = (tenant + "/" + job).equals(new String(told.key(), StandardCharsets.UTF_8))
                && tenant.equals(header(told, "tenant"))
                && type.equals(header(told, "type"))
                && type.equals("job." + value.path("data").path("status").asText());
        return new Event(
                Bookkeeper.tenantNumber(tenant, -1), job, value.path("seq").asLong(-1), type, inPlace);
    }

    private static String header(ConsumerRecord<byte[], byte[]> told, String name) {
        Header header = told.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private void stop() throws InterruptedException {
        over = true;
        thread.join();
    }

    @Override
    public void close() {
        try {
            stop();
            consumer.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
