package dev.longshore.worker.live;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobId;
import dev.longshore.job.ProgressStep;
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
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
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
    private final List<List<ProgressStep>> written = new CopyOnWriteArrayList<>();
    private final Set<JobId> gone = ConcurrentHashMap.newKeySet();
    private final List<Long> times = new CopyOnWriteArrayList<>();
    private final Semaphore entered = new Semaphore(0);
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile boolean away;
    private LiveProgress progress;
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
        progress = new LiveProgress(this::write, Thread.ofVirtual().factory());
        progress.start();
        live = new LiveTokens(
                new EventSender(producer),
                new TenantNames(database),
                progress,
                InstantSource.fixed(NOW),
                Thread.ofVirtual().factory());
        live.start();
    }

    @AfterAll
    void stop() {
        live.close();
        progress.close();
        consumer.close();
        producer.close(Duration.ofSeconds(5));
    }

    /// As the database does, of jobs that are not gone, where it is not away and not held.
    private Set<JobId> write(List<ProgressStep> steps) throws SQLException {
        boolean refused = away;
        times.add(System.nanoTime());
        entered.release();
        if (refused) {
            throw new SQLException("away");
        }
        try {
            held.await();
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
        written.add(steps);
        return steps.stream()
                .map(ProgressStep::job)
                .filter(job -> !gone.contains(job))
                .collect(Collectors.toSet());
    }

    private List<String> steps(ClaimedJob job) {
        return written.stream()
                .flatMap(List::stream)
                .filter(step -> step.job().equals(job.id()))
                .map(step -> step.epoch() + " " + step.share() + " " + step.message())
                .toList();
    }

    private List<String> data(ClaimedJob job) {
        return told(job).stream().map(event -> event.path("data").toString()).toList();
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

    @Test
    void howFarItIsIsWrittenDownAndTold() {
        ClaimedJob job = job(4);
        TokenSink speech = live.of(job);
        speech.progress(0.25, "drawing");
        await().until(() -> told(job).size() == 1);
        speech.token("Hello");
        speech.progress(0.5, null);
        await().until(() -> told(job).size() == 3);
        speech.close();

        assertThat(steps(job)).containsExactly("3 0.25 drawing", "3 0.5 null");
        assertThat(told(job))
                .extracting(event -> event.path("type").asText())
                .containsExactly("job.progress", "job.token", "job.progress");
        assertThat(told(job))
                .as("numbered as one")
                .extracting(event -> event.path("seq").asLong())
                .containsExactly(EventSequence.said(3, 1), EventSequence.said(3, 2), EventSequence.said(3, 3));
        assertThat(data(job))
                .containsExactly(
                        "{\"progress\":0.25,\"message\":\"drawing\"}",
                        "{\"token\":\"Hello\"}",
                        "{\"progress\":0.5,\"message\":null}");
    }

    @Test
    void itIsToldOnceAndNeverGoesBack() {
        ClaimedJob job = job(4);
        try (TokenSink speech = live.of(job)) {
            // As it was at first: nothing to tell.
            speech.progress(0.0, null);
            speech.progress(null, null);
            speech.progress(0.5, null);
            await().until(() -> told(job).size() == 1);
            speech.progress(0.5, null);
            speech.progress(0.1, null);
            speech.progress(0.2, "second phase");
            await().until(() -> told(job).size() == 2);
            speech.progress(null, "nearly there");
            await().until(() -> told(job).size() == 3);
        }
        assertThat(steps(job)).containsExactly("3 0.5 null", "3 0.5 second phase", "3 0.5 nearly there");
    }

    /// Whatever moves while others are written down is one step: the last.
    @Test
    void whatMovesFastIsWrittenOnceASecond() throws InterruptedException {
        ClaimedJob job = job(4);
        ClaimedJob over = job(4);
        entered.drainPermits();
        held = new CountDownLatch(1);
        TokenSink speech = live.of(job);
        speech.progress(0.01, null);
        entered.acquire();
        for (int i = 2; i <= 90; i++) {
            speech.progress(i / 100.0, null);
        }
        try (TokenSink brief = live.of(over)) {
            brief.progress(0.5, null);
        }
        held.countDown();
        await().until(() -> steps(job).size() == 2);
        speech.close();

        assertThat(steps(job)).containsExactly("3 0.01 null", "3 0.9 null");
        assertThat(times.getLast() - times.get(times.size() - 2)).isGreaterThanOrEqualTo(1_000_000_000L);
        assertThat(steps(over)).as("what came of its call tells more").isEmpty();
    }

    @Test
    void whatIsNotWrittenIsNotTold() throws InterruptedException {
        ClaimedJob lost = job(4);
        ClaimedJob unheard = job(4);
        gone.add(lost.id());
        entered.drainPermits();
        away = true;
        TokenSink first = live.of(lost);
        TokenSink second = live.of(unheard);
        second.progress(0.1, null);
        entered.acquire();
        away = false;
        first.progress(0.2, null);
        second.progress(0.3, null);
        await().until(() -> !data(unheard).isEmpty());
        first.close();
        second.close();

        assertThat(data(unheard)).containsExactly("{\"progress\":0.3,\"message\":null}");
        assertThat(steps(lost)).containsExactly("3 0.2 null");
        assertThat(told(lost)).isEmpty();
    }
}
