package dev.longshore.worker.live;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobId;
import dev.longshore.lane.Lane;
import dev.longshore.outbox.EventSequence;
import dev.longshore.outbox.TenantNames;
import dev.longshore.road.EventSender;
import dev.longshore.road.EventTopic;
import dev.longshore.road.RoadClients;
import dev.longshore.road.RoadTopics;
import dev.longshore.testing.Servers;
import dev.longshore.worker.provider.TokenSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.ds.PGSimpleDataSource;

/// What a model says is on the topic piece by piece, in order, without a gap.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

    private final Map<String, Object> kafka =
            Map.of("bootstrap.servers", Servers.shared().kafka());
    private final List<JsonNode> read = new ArrayList<>();
    private Producer<byte[], byte[]> producer;
    private KafkaConsumer<byte[], byte[]> consumer;
    private LiveTokens live;

    @BeforeAll
    void start() throws Exception {
        try (Admin admin = RoadClients.admin(kafka, "live-test")) {
            RoadTopics.ensure(admin);
        }
        producer = RoadClients.producer(kafka, "live-test");
        consumer = new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(IntStream.range(0, EventTopic.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(EventTopic.NAME, partition))
                .toList());
        consumer.seekToBeginning(List.of());
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(Servers.shared().newDatabase());
        database.setUser(Servers.shared().user());
        database.setPassword(Servers.shared().password());
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE tenant (tenant_id integer, name text)");
            statement.execute("INSERT INTO tenant VALUES (4, 'acme')");
        }
        live = new LiveTokens(
                new EventSender(producer),
                new TenantNames(database),
                InstantSource.fixed(NOW),
                Thread.ofVirtual().factory());
        live.start();
    }

    @AfterAll
    void stop() {
        live.close();
        consumer.close();
        producer.close(Duration.ofSeconds(5));
    }

    private static ClaimedJob job(int tenant) {
        return new ClaimedJob(
                new JobId(UUID.randomUUID()),
                3,
                1,
                tenant,
                Lane.STANDARD,
                1,
                5,
                NOW,
                NOW.plusSeconds(60),
                false,
                false,
                0,
                0,
                "chat",
                "sim-small",
                "sim-small",
                "{}",
                null,
                null);
    }

    private List<JsonNode> told(ClaimedJob job) {
        consumer.poll(Duration.ofMillis(50)).forEach(event -> {
            try {
                read.add(new ObjectMapper().readTree(new String(event.value(), StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        return read.stream()
                .filter(event -> event.path("job_id").asText().equals(job.id().toString()))
                .toList();
    }

    private static String words(List<JsonNode> told) {
        StringBuilder words = new StringBuilder();
        told.forEach(event -> words.append(event.path("data").path("token").asText()));
        return words.toString();
    }

    @Test
    void theFirstPieceGoesAtOnce() {
        ClaimedJob job = job(4);
        TokenSink speech = live.of(job);
        speech.token("Hé\"llo");

        await().until(() -> told(job).size() == 1);

        JsonNode event = told(job).getFirst();
        assertThat(event.path("type").asText()).isEqualTo("job.token");
        assertThat(event.path("tenant").asText()).isEqualTo("acme");
        assertThat(event.path("seq").asLong()).isEqualTo(EventSequence.said(3, 1));
        assertThat(event.path("timestamp").asText()).isEqualTo("2026-11-21T08:00:00.000Z");
        assertThat(event.path("data").toString()).isEqualTo("{\"token\":\"Hé\\\"llo\"}");
        speech.close();
    }

    @Test
    void piecesAreGatheredAndNumberedWithoutAGap() {
        ClaimedJob job = job(4);
        StringBuilder said = new StringBuilder();
        try (TokenSink speech = live.of(job)) {
            for (int i = 0; i < 5_000; i++) {
                speech.token("word" + i + " ");
                said.append("word").append(i).append(' ');
            }
        }

        await().until(() -> words(told(job)).length() == said.length());

        assertThat(words(told(job))).isEqualTo(said.toString());
        assertThat(told(job)).hasSizeLessThan(2_500);
        assertThat(told(job))
                .extracting(event -> event.path("seq").asLong())
                .isEqualTo(IntStream.rangeClosed(1, told(job).size())
                        .mapToObj(count -> EventSequence.said(3, count))
                        .toList());
    }

    @Test
    void aPauseKeepsNothingBack() {
        ClaimedJob job = job(4);
        TokenSink speech = live.of(job);
        speech.token("one ");
        speech.token("two ");

        await().until(() -> words(told(job)).equals("one two "));
        speech.close();
    }

    @Test
    void whatIsWithdrawnIsNotTold() {
        ClaimedJob job = job(4);
        ClaimedJob after = job(4);
        TokenSink speech = live.of(job);
        speech.token("first ");
        speech.token("gathered");
        speech.withdrawn();
        speech.close();
        try (TokenSink next = live.of(after)) {
            next.token("next");
        }

        await().until(() -> words(told(after)).equals("next"));
        assertThat(words(told(job))).startsWith("first ").hasSizeLessThanOrEqualTo("first gathered".length());
    }

    @Test
    void aTenantThatNobodyKnowsHearsNothing() {
        ClaimedJob unknown = job(5);
        ClaimedJob after = job(4);
        try (TokenSink speech = live.of(unknown)) {
            speech.token("hello");
        }
        try (TokenSink speech = live.of(after)) {
            speech.token("hello");
        }

        await().until(() -> !told(after).isEmpty());
        assertThat(told(unknown)).isEmpty();
    }
}
