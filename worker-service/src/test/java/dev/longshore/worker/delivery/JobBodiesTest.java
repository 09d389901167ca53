package dev.longshore.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobStatus;
import dev.longshore.outbox.EventSequence;
import dev.longshore.worker.delivery.Notice.Moved;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What a notice says.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobBodiesTest {
    private static final Instant THEN = Instant.parse("2026-11-20T12:00:00.120Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private PostOffice office;

    @BeforeAll
    void open() throws SQLException {
        office = PostOffice.open();
    }

    @AfterAll
    void close() throws InterruptedException {
        office.close();
    }

    @BeforeEach
    void clear() throws SQLException, InterruptedException {
        office.clear();
    }

    private static Notice notice(ClaimedJob job, JobStatus status, String type) {
        return notice(job, status, type, null);
    }

    private static Notice notice(ClaimedJob job, JobStatus status, String type, @Nullable Moved moved) {
        return new Notice(
                UUID.fromString("0199a000-0000-7000-8000-00000000000f"),
                job.tenantId(),
                job.id().uuid(),
                EventSequence.of(job.epoch(), status),
                type,
                THEN,
                moved,
                UUID.randomUUID(),
                null,
                "https://hook.example/",
                1,
                0,
                null);
    }

    private JsonNode body(Notice notice) throws Exception {
        Map<UUID, String> bodies = office.bodies().compose(List.of(notice));
        return JSON.readTree(bodies.get(notice.id()));
    }

    @Test
    void anEventCarriesTheJob() throws Exception {
        ClaimedJob job = office.claimedJobs(1, null).getFirst();
        office.complete(List.of(job), "{\"choices\":[]}");

        JsonNode body = body(notice(job, JobStatus.COMPLETE, "job.complete"));

        assertThat(body.get("id").textValue()).isEqualTo("evt_0199a00000007000800000000000000f");
        assertThat(body.get("type").textValue()).isEqualTo("job.complete");
        assertThat(body.get("timestamp").textValue()).isEqualTo("2026-11-20T12:00:00.120Z");
        assertThat(body.size()).isEqualTo(4);
        JsonNode data = body.get("data");
        assertThat(data.get("job_id").textValue()).isEqualTo(job.id().toString());
        assertThat(data.get("status").textValue()).isEqualTo("complete");
        assertThat(data.get("result").toString()).isEqualTo("{\"choices\":[]}");
        assertThat(data.has("result_omitted")).isFalse();
    }

    @Test
    void theJobIsAsItWasThenAndNotAsItIsNow() throws Exception {
        ClaimedJob job = office.claimedJobs(1, null).getFirst();
        office.complete(List.of(job), "{\"choices\":[]}");

        JsonNode data =
                body(notice(job, JobStatus.PROCESSING, "job.processing")).get("data");

        assertThat(data.get("status").textValue()).isEqualTo("processing");
        assertThat(data.get("result").isNull()).isTrue();
        assertThat(data.get("finished_at").isNull()).isTrue();
    }

    @Test
    void aStepOfProgressCarriesTheJobAsFarAsItWas() throws Exception {
        ClaimedJob job = office.claimedJobs(1, null).getFirst();
        Notice notice = notice(job, JobStatus.PROCESSING, "job.progress", new Moved(0.4, "drawing"));
        JsonNode running = body(notice).get("data");
        office.complete(List.of(job), "{\"choices\":[]}");

        JsonNode data = body(notice).get("data");

        assertThat(data.get("status").textValue()).isEqualTo("processing");
        assertThat(data.get("progress").doubleValue()).isEqualTo(0.4);
        assertThat(data.get("progress_message").textValue()).isEqualTo("drawing");
        assertThat(data.get("result").isNull()).isTrue();
        assertThat(running.get("progress").doubleValue()).isEqualTo(0.4);
        assertThat(running.get("status").textValue()).isEqualTo("processing");
    }

    @Test
    void aLargeJobGoesWithoutItsResult() throws Exception {
        ClaimedJob job = office.claimedJobs(1, null).getFirst();
        // Counted in bytes, of which these have two each.
        office.complete(List.of(job), "{\"text\":\"" + "é".repeat(JobBodies.LARGEST_JOB / 2) + "\"}");

        JsonNode data = body(notice(job, JobStatus.COMPLETE, "job.complete")).get("data");

        assertThat(data.has("result")).isFalse();
        assertThat(data.get("result_omitted").booleanValue()).isTrue();
        assertThat(data.get("status").textValue()).isEqualTo("complete");
    }

    @Test
    void aJobUpToTheLimitGoesWhole() throws Exception {
        ClaimedJob job = office.claimedJobs(1, null).getFirst();
        office.complete(List.of(job), "{\"text\":\"" + "a".repeat(JobBodies.LARGEST_JOB - 4_096) + "\"}");

        String body = office.bodies()
                .compose(List.of(notice(job, JobStatus.COMPLETE, "job.complete")))
                .values()
                .iterator()
                .next();

        assertThat(JSON.readTree(body).get("data").has("result")).isTrue();
        assertThat(body.getBytes(StandardCharsets.UTF_8).length).isLessThan(JobBodies.LARGEST_JOB + 1_024);
    }

    @Test
    void aJobThatIsGoneHasNoBody() throws SQLException {
        ClaimedJob job = office.claimedJobs(1, null).getFirst();
        office.execute("DELETE FROM job_run");

        assertThat(office.bodies().compose(List.of(notice(job, JobStatus.COMPLETE, "job.complete"))))
                .isEmpty();
    }
}
