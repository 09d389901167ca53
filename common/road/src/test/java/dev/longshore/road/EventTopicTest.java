package dev.longshore.road;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.lane.Lane;
import dev.longshore.outbox.EventSequence;
import dev.longshore.outbox.JobEvent;
import dev.longshore.road.JobNews.Changed;
import dev.longshore.road.JobNews.Progress;
import dev.longshore.road.JobNews.Said;
import dev.longshore.road.JobNews.Token;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written is read again, and what nobody of us wrote is passed over.
class EventTopicTest {
    private static final JobId JOB = new JobId(UUID.fromString("0199a000-0000-7000-8000-00000000000f"));
    private static final Instant AT = Instant.parse("2026-11-21T08:00:00Z");

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final EventSender sender = new EventSender(producer);

    private static ConsumerRecord<byte[], byte[]> arrived(ProducerRecord<byte[], byte[]> sent) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(sent.topic(), 0, 0, sent.key(), sent.value());
        sent.headers().forEach(record.headers()::add);
        return record;
    }

    private ConsumerRecord<byte[], byte[]> sent() {
        return arrived(producer.history().getLast());
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, String value) {
        return new ConsumerRecord<>(EventTopic.NAME, 0, 0, bytes(key), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void aChangeIsReadAgain(JobStatus status) {
        JobEvent event = new JobEvent(JOB, "a/b", 3, Lane.BATCH, status, 2, "backoff", AT);
        ConsumerRecord<byte[], byte[]> record = arrived(EventTopic.changed(event, EventTopic.time(AT)));

        assertThat(EventTopic.job(record)).contains(JOB);
        assertThat(EventTopic.isSaid(record)).isFalse();
        assertThat(EventTopic.read(record)).contains(new Changed(JOB, EventSequence.of(3, status), status));
    }

    @Test
    void aTokenIsReadAgain() {
        String text = "\u20ac \ud83d\ude00 \"\\\n\u0000 \ud83d";
        sender.token("acme", JOB, 4, 17, text, AT);

        assertThat(EventTopic.isSaid(sent())).isTrue();
        Said said = (Said) EventTopic.read(sent()).orElseThrow();
        assertThat(said).isEqualTo(new Token(JOB, EventSequence.said(4, 17), text));
        assertThat(said.epoch()).isEqualTo(4);
        assertThat(said.count()).isEqualTo(17);
    }

    @Test
    void progressIsReadAgain() {
        sender.progress("acme", JOB, 4, 1, 0.25, "a quarter", AT);
        assertThat(EventTopic.isSaid(sent())).isTrue();
        assertThat(EventTopic.read(sent())).contains(new Progress(JOB, EventSequence.said(4, 1), 0.25, "a quarter"));

        sender.progress("acme", JOB, 4, 2, 1, null, AT);
        assertThat(EventTopic.read(sent())).contains(new Progress(JOB, EventSequence.said(4, 2), 1, null));
    }

    @Test
    void fieldsThatWeDoNotKnowArePassedOver() {
        ConsumerRecord<byte[], byte[]> record = record("acme/" + JOB, """
                {"new":{"seq":[1,{"type":2}]},"type":"job.complete","seq":190004,
                 "data":{"more":{"status":"failed"},"status":"complete","list":[{}]},"last":null}""");

        assertThat(EventTopic.read(record)).contains(new Changed(JOB, 190_004, JobStatus.COMPLETE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"seq\":1}",
                "{\"seq\":\"1\",\"type\":\"job.complete\",\"data\":{\"status\":\"complete\"}}",
                "{\"seq\":-1,\"type\":\"job.complete\",\"data\":{\"status\":\"complete\"}}",
                "{\"seq\":99999999999999999999,\"type\":\"job.complete\",\"data\":{\"status\":\"complete\"}}",
                "{\"seq\":999999999999999999,\"type\":\"job.complete\",\"data\":{\"status\":\"complete\"}}",
                "{\"seq\":190004,\"type\":\"job.complete\",\"data\":{\"status\":\"done\"}}",
                "{\"seq\":190004,\"type\":{\"a\":1},\"data\":{\"status\":\"complete\"}}",
                "{\"seq\":190004,\"type\":\"job.complete\",\"data\":\"complete\"}",
                "{\"seq\":190004,\"type\":\"job.token\",\"data\":{\"token\":\"out of place\"}}",
                "{\"seq\":100001,\"type\":\"job.token\",\"data\":{\"token\":5}}",
                "{\"seq\":100001,\"type\":\"job.progress\",\"data\":{\"progress\":\"0.5\"}}",
                "{\"seq\":100001,\"type\":\"job.progress\",\"data\":{\"progress\":1e999}}",
                "\u0000\u0001"
            })
    void whatCannotBeUnderstoodIsNothing(String value) {
        assertThat(EventTopic.read(record("acme/" + JOB, value))).isEmpty();
    }

    @Test
    void recordsOfOthersAreNone() {
        for (String key : new String[] {"", "/", "acme", "acme/job_1", JOB + "/", "acme/" + JOB + "x"}) {
            assertThat(EventTopic.job(record(key, "{}"))).as(key).isEmpty();
            assertThat(EventTopic.read(record(key, "{}"))).as(key).isEmpty();
        }
        ConsumerRecord<byte[], byte[]> bare = new ConsumerRecord<>(EventTopic.NAME, 0, 0, null, null);
        assertThat(EventTopic.job(bare)).isEmpty();
        assertThat(EventTopic.isSaid(bare)).isFalse();
        assertThat(EventTopic.read(bare)).isEmpty();
    }
}
