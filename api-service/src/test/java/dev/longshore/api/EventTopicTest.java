package dev.longshore.api;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.job.JobId;
import dev.longshore.road.EventTopic;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an outsider reads on the topic.
@QuarkusTest
@Platform
class EventTopicTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Api api = Api.operator();
    private final List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();

    @Inject
    DataSource database;

    private KafkaConsumer<byte[], byte[]> consumer;

    @BeforeEach
    void readAll() {
        String brokers = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", brokers), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(IntStream.range(0, EventTopic.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(EventTopic.NAME, partition))
                .toList());
        consumer.seekToBeginning(List.of());
    }

    @AfterEach
    void stopReading() {
        consumer.close();
    }

    private List<ConsumerRecord<byte[], byte[]>> of(String job) {
        consumer.poll(Duration.ofMillis(100)).forEach(read::add);
        return read.stream().filter(event -> text(event.key()).endsWith(job)).toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static JsonNode value(ConsumerRecord<byte[], byte[]> event) {
        try {
            return JSON.readTree(event.value());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anAcceptedJobIsTold() {
        String job = api.chat();

        await().until(() -> !of(job).isEmpty());

        var event = of(job).getFirst();
        JsonNode told = value(event);
        String tenant = told.path("tenant").asText();
        assertThat(text(event.key())).isEqualTo(tenant + "/" + job);
        assertThat(text(event.headers().lastHeader("tenant").value())).isEqualTo(tenant);
        assertThat(text(event.headers().lastHeader("type").value())).isEqualTo("job.queued");
        assertThat(told.path("type").asText()).isEqualTo("job.queued");
        assertThat(told.path("job_id").asText()).isEqualTo(job);
        assertThat(told.path("seq").isIntegralNumber()).isTrue();
        assertThat(told.path("timestamp").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(told.path("data").toString())
                .isEqualTo("{\"status\":\"queued\",\"lane\":\"standard\",\"attempt\":0,\"reason\":null}");
    }

    @Test
    void aCancelIsToldAfterIt() {
        String job = api.chat();
        api.post("/v1/jobs/" + job + "/cancel", "");

        await().until(() -> of(job).size() == 2);

        assertThat(of(job))
                .extracting(event -> value(event).path("type").asText())
                .containsExactly("job.queued", "job.cancelled");
        assertThat(of(job))
                .extracting(event -> value(event).path("seq").asLong())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    /// A worker has settled the job and died before it could tell.
    @Test
    void whatSomebodyDidNotLiveToTellIsTold() throws SQLException {
        String job = api.chat();
        new FakeWorker(database).complete(job);

        await().until(() -> of(job).stream()
                .anyMatch(event -> value(event).path("type").asText().equals("job.complete")));

        await().untilAsserted(() -> assertThat(leftInTheOutbox(job)).isZero());
    }

    private long leftInTheOutbox(String job) throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.prepareStatement("SELECT count(*) FROM outbox WHERE ? = ANY (job_ids)")) {
            statement.setObject(1, JobId.parse(job).orElseThrow().uuid());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
