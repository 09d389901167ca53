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

    /// A batch a partition is what a group of events costs the broker, so they are few.
    public static final int PARTITIONS = 3;

    static final String TENANT = "tenant";
    static final String TYPE = "type";
    static final String TOKEN = "job.token";
    static final String PROGRESS = "job.progress";

    private static final byte[] TOKEN_TYPE = ascii(TOKEN);
    private static final byte[] PROGRESS_TYPE = ascii(PROGRESS);

    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private EventTopic() {}

    /// Writes the fields of `data`.
    @FunctionalInterface
    interface Data {
        void write(JsonGenerator json) throws IOException;
    }

    /// All that is in it is ASCII without anything to escape: ids, numbers, times, words of ours and the tenant's name,
    /// which is made of letters, digits, `-` and `_`. So this one, of which every job has several, is put together
    /// by hand.
    ///
    /// @param time the event's, as [#time] spells it
    static ProducerRecord<byte[], byte[]> changed(JobEvent event, String time) {
        String id = event.job().toString();
        String tenant = event.tenant();
        String type = event.type();
        StringBuilder value = new StringBuilder(288)
                .append("{\"seq\":")
                .append(event.number())
                .append(",\"type\":\"")
                .append(type)
                .append("\",\"job_id\":\"")
                .append(id)
                .append("\",\"tenant\":\"")
                .append(tenant)
                .append("\",\"timestamp\":\"")
                .append(time)
                .append("\",\"data\":{\"status\":\"")
                .append(event.status().word())
                .append("\",\"lane\":\"")
                .append(event.lane().word())
                .append("\",\"attempt\":")
                .append(event.attempt())
                .append(",\"reason\":");
        if (event.reason() == null) {
            value.append("null}}");
        } else {
            value.append('"').append(event.reason()).append("\"}}");
        }
        return record(type, tenant, id, ascii(value.toString()));
    }

    static String time(Instant at) {
        return TIME.format(at);
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
            json.writeStringField("timestamp", time(at));
            json.writeObjectFieldStart("data");
            data.write(json);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written but memory", e);
        }
        return record(type, tenant, id, value.toByteArray());
    }

    private static ProducerRecord<byte[], byte[]> record(String type, String tenant, String job, byte[] value) {
        ProducerRecord<byte[], byte[]> event = new ProducerRecord<>(NAME, ascii(tenant + "/" + job), value);
        event.headers().add(TENANT, ascii(tenant)).add(TYPE, ascii(type));
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

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
