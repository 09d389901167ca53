package dev.longshore.road;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.longshore.job.JobId;
import dev.longshore.outbox.JobEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// The topic that tells what happens to jobs, to our own API and to any outsider who may read it.
/// `common/road/README.md`
/// has the schema. One record an event: the key is `tenant/job id`, so a job's events are in one partition; headers
/// `tenant` and `type` let consumers choose without reading the value, which is JSON in UTF-8:
///
/// ```
/// {"seq":190004,"type":"job.complete","job_id":"job_...","tenant":"acme","timestamp":"2026-11-21T08:00:00.000Z",
///  "data":{"status":"complete","lane":"standard","attempt":1,"reason":null}}
/// ```
///
/// Changes of status come at least once and now and then late, so consumers go by `seq`. Tokens (`job.token`) and
/// progress (`job.progress`) come at most once.
public final class EventTopic {
    public static final String NAME = "job.events";

    static final String TENANT = "tenant";
    static final String TYPE = "type";
    static final String TOKEN = "job.token";
    static final String PROGRESS = "job.progress";

    private static final byte[] TOKEN_TYPE = bytes(TOKEN);
    private static final byte[] PROGRESS_TYPE = bytes(PROGRESS);

    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private EventTopic() {}

    /// Writes the fields of `data`.
    @FunctionalInterface
    interface Data {
        void write(JsonGenerator json) throws IOException;
    }

    static ProducerRecord<byte[], byte[]> changed(JobEvent event) {
        return of(event.type(), event.tenant(), event.job(), event.number(), event.at(), json -> {
            json.writeStringField("status", event.status().word());
            json.writeStringField("lane", event.lane().word());
            json.writeNumberField("attempt", event.attempt());
            json.writeStringField("reason", event.reason());
        });
    }

    /// @param number what the event is called among those of its job
    static ProducerRecord<byte[], byte[]> of(
            String type, String tenant, JobId job, long number, Instant at, Data data) {
        String id = job.toString();
        ByteArrayOutputStream value = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(value)) {
            json.writeStartObject();
            json.writeNumberField("seq", number);
            json.writeStringField("type", type);
            json.writeStringField("job_id", id);
            json.writeStringField("tenant", tenant);
            json.writeStringField("timestamp", TIME.format(at));
            json.writeObjectFieldStart("data");
            data.write(json);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written but memory", e);
        }
        ProducerRecord<byte[], byte[]> event =
                new ProducerRecord<>(NAME, bytes(tenant + "/" + id), value.toByteArray());
        event.headers().add(TENANT, bytes(tenant)).add(TYPE, bytes(type));
        return event;
    }

    /// The job that a record tells of. Its value is not looked at, so this costs next to nothing.
    ///
    /// @return empty when the record is none of ours
    public static Optional<JobId> job(ConsumerRecord<byte[], byte[]> event) {
        byte @Nullable [] key = event.key();
        if (key == null) {
            return Optional.empty();
        }
        int slash = key.length - 1;
        while (slash >= 0 && key[slash] != '/') {
            slash--;
        }
        return JobId.parse(new String(key, slash + 1, key.length - slash - 1, StandardCharsets.ISO_8859_1));
    }

    /// Whether a record tells what a running call says, going by its headers alone.
    public static boolean isSaid(ConsumerRecord<byte[], byte[]> event) {
        Header type = event.headers().lastHeader(TYPE);
        return type != null && (Arrays.equals(type.value(), TOKEN_TYPE) || Arrays.equals(type.value(), PROGRESS_TYPE));
    }

    /// What a record tells.
    ///
    /// @return empty when it cannot be understood, or is of a kind that we do not know
    public static Optional<JobNews> read(ConsumerRecord<byte[], byte[]> event) {
        byte @Nullable [] value = event.value();
        return value == null ? Optional.empty() : job(event).flatMap(job -> EventReading.of(job, value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
