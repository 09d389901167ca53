package dev.longshore.api;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.Api.Answer;
import dev.longshore.job.ClaimedJob;
import dev.longshore.testing.Patience;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Platform
class JobLifeTest {
    private final Api api = Api.operator();

    @Inject
    DataSource database;

    private FakeWorker worker;

    @BeforeEach
    void startAWorker() throws SQLException {
        worker = new FakeWorker(database);
    }

    @Test
    void aCompleteJobTellsResultUsageCostAndWhereItCameFrom() throws SQLException {
        String id = api.chat();
        worker.complete(id);

        JsonNode job = api.get("/v1/jobs/" + id).json();
        assertThat(job.path("status").asText()).isEqualTo("complete");
        assertThat(job.path("progress").asDouble()).isEqualTo(1.0);
        assertThat(job.path("result").toString()).isEqualTo(FakeWorker.RESULT);
        assertThat(job.path("error").isNull()).isTrue();
        assertThat(job.path("usage").path("input_tokens").asInt()).isEqualTo(342);
        assertThat(job.path("usage").path("cached_input_tokens").asInt()).isEqualTo(10);
        assertThat(job.path("usage").path("output_tokens").asInt()).isEqualTo(156);
        assertThat(job.path("cost_usd").decimalValue()).isEqualByComparingTo("0.000145");
        JsonNode metadata = job.path("metadata");
        assertThat(metadata.path("provider").asText()).isEqualTo("simulator");
        assertThat(metadata.path("model_version").asText()).isEqualTo("sim-small-2026");
        assertThat(metadata.path("latency_ms").asInt()).isEqualTo(847);
        assertThat(metadata.path("queue_ms").isNumber()).isTrue();
        assertThat(metadata.path("attempts").asInt()).isEqualTo(1);
        assertThat(job.path("finished_at").asText()).endsWith("Z");
    }

    @Test
    void costIsNeverWrittenWithAnExponent() throws SQLException {
        String id = api.chat();
        worker.complete(id);

        assertThat(api.get("/v1/jobs/" + id).body()).contains("\"cost_usd\":0.000145");
    }

    @Test
    void aFailedJobTellsCodeClassAndTheProvidersStatus() throws SQLException {
        String id = api.chat();
        worker.fail(id);

        JsonNode error = api.get("/v1/jobs/" + id).json().path("error");
        assertThat(error.path("code").asText()).isEqualTo("PROVIDER_UNAVAILABLE");
        assertThat(error.path("class").asText()).isEqualTo("transient");
        assertThat(error.path("message").asText()).isNotBlank();
        assertThat(error.path("retryable").asBoolean()).isTrue();
        assertThat(error.path("details").path("provider_status").asInt()).isEqualTo(503);
    }

    @Test
    void aWaitingJobTellsReasonAndTime() throws SQLException {
        String id = api.chat();
        worker.backOff(id);

        JsonNode job = api.get("/v1/jobs/" + id).json();
        assertThat(job.path("status").asText()).isEqualTo("waiting");
        assertThat(job.path("waiting").path("reason").asText()).isEqualTo("rate_limited");
        assertThat(job.path("waiting").path("until").asText()).endsWith("Z");
        assertThat(job.path("waiting").path("detail").asText()).isEqualTo("slow down");
    }

    @Test
    void aRunningJobTellsHowFarItIs() throws SQLException {
        String id = api.chat();
        ClaimedJob claimed = worker.claim(id);
        Answer first = api.get("/v1/jobs/" + id);
        assertThat(first.json().path("progress").asDouble(-1)).isZero();
        assertThat(first.json().path("progress_message").isNull()).isTrue();

        worker.progress(claimed, 0.4, "step 2 of 5");

        Answer further = api.get("/v1/jobs/" + id, "If-None-Match", first.header("ETag"));
        assertThat(further.status()).as("it has changed").isEqualTo(200);
        assertThat(further.body()).contains("\"progress\":0.4,\"progress_message\":\"step 2 of 5\"");

        worker.backOff(claimed);

        JsonNode waiting = api.get("/v1/jobs/" + id).json();
        assertThat(waiting.path("progress").asDouble(-1)).isZero();
        assertThat(waiting.path("progress_message").isNull()).isTrue();
    }

    @Test
    void theEtagDiffersWheneverTheJobHasChanged() throws SQLException {
        String id = api.chat();
        Answer first = api.get("/v1/jobs/" + id);
        String etag = first.header("ETag");

        assertThat(api.get("/v1/jobs/" + id, "If-None-Match", etag).status()).isEqualTo(304);
        assertThat(api.get("/v1/jobs/" + id, "If-None-Match", "\"other\"").status())
                .isEqualTo(200);
        ClaimedJob claimed = worker.claim(id);
        Answer running = api.get("/v1/jobs/" + id, "If-None-Match", etag);
        assertThat(running.status()).isEqualTo(200);
        assertThat(running.header("ETag")).isNotEqualTo(etag);
        worker.complete(claimed);
        Answer over = api.get("/v1/jobs/" + id, "If-None-Match", running.header("ETag"));
        assertThat(over.status()).isEqualTo(200);
        assertThat(api.get("/v1/jobs/" + id, "If-None-Match", "\"x\", " + over.header("ETag"))
                        .status())
                .isEqualTo(304);
    }

    @Test
    void aWaitEndsWhenTheJobDoes() throws SQLException {
        String id = api.chat();
        ClaimedJob claimed = worker.claim(id);
        var waiting = Api.later(() -> api.get("/v1/jobs/" + id + "?wait=60"));
        await().until(() -> metric("longshore_waiters") >= 1);

        worker.complete(claimed);
        assertThat(waiting)
                .succeedsWithin(Patience.LONG)
                .satisfies(answer ->
                        assertThat(answer.json().path("status").asText()).isEqualTo("complete"));
        await().until(() -> metric("longshore_waiters") == 0);
    }

    @Test
    void aWaitEndsWithItsTime() {
        String id = api.chat();
        long from = System.nanoTime();
        Answer answer = api.get("/v1/jobs/" + id + "?wait=1");

        assertThat(answer.json().path("status").asText()).isEqualTo("queued");
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThanOrEqualTo(Duration.ofMillis(950));
    }

    @Test
    void aWaitOutOfBoundsIsRefused() {
        String id = api.chat();
        for (String wait : new String[] {"0", "61", "-1", "soon", ""}) {
            Answer answer = api.get("/v1/jobs/" + id + "?wait=" + wait);
            assertThat(answer.status()).as(wait).isEqualTo(400);
            assertThat(answer.json().at("/error/details/errors/0/pointer").asText())
                    .isEqualTo("/wait");
        }
    }

    @Test
    void aSubmitterMayWaitForTheResult() throws Exception {
        Answer timedOut = api.post("/v1/jobs", Bodies.chat(""), "Prefer", "wait=1");
        assertThat(timedOut.status()).isEqualTo(202);
        assertThat(timedOut.header("Preference-Applied")).isEqualTo("wait=1");

        String label = "w" + System.nanoTime();
        var waiting =
                api.postLater("/v1/jobs", Bodies.chat(",\"labels\":{\"w\":\"" + label + "\"}"), "Prefer", "wait=30");
        await().until(() ->
                api.get("/v1/jobs?label.w=" + label).json().path("data").size() == 1);
        worker.complete(
                api.get("/v1/jobs?label.w=" + label).json().at("/data/0/job_id").asText());
        Answer over = waiting.get();
        assertThat(over.status()).isEqualTo(200);
        assertThat(over.json().path("status").asText()).isEqualTo("complete");

        Answer async = api.post("/v1/jobs", Bodies.chat(""), "Prefer", "respond-async");
        assertThat(async.status()).isEqualTo(202);
        assertThat(async.header("Preference-Applied")).isEqualTo("respond-async");
    }

    @Test
    void aQueuedJobIsCancelledAtOnce() {
        String id = api.chat();
        Answer cancelled = api.post("/v1/jobs/" + id + "/cancel", "");

        assertThat(cancelled.status()).as(cancelled.body()).isEqualTo(200);
        assertThat(cancelled.json().path("status").asText()).isEqualTo("cancelled");
        Answer again = api.post("/v1/jobs/" + id + "/cancel", "");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(cancelled.json());
    }

    @Test
    void aRunningJobEndsCancelledWhateverComesOfItsCall() throws SQLException {
        String id = api.chat();
        ClaimedJob claimed = worker.claim(id);
        var cancelling = Api.later(() -> api.post("/v1/jobs/" + id + "/cancel", ""));
        await().until(() -> api.get("/v1/jobs/" + id + "/timeline").body().contains("cancel_requested"));
        worker.complete(claimed);

        assertThat(cancelling).succeedsWithin(Patience.LONG).satisfies(answer -> {
            // Where the worker took longer than a caller is kept waiting for, the answer is that of the test below.
            Answer told = answer.status() == 202 ? api.get("/v1/jobs/" + id) : answer;
            assertThat(told.status()).isEqualTo(200);
            assertThat(told.json().path("status").asText()).isEqualTo("cancelled");
        });
    }

    @Test
    void aCancelThatTakesLongIsAnsweredWithTheOpenJob() throws SQLException {
        String id = api.chat();
        worker.claim(id);
        Answer answer = api.post("/v1/jobs/" + id + "/cancel", "");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("status").asText()).isEqualTo("processing");
    }

    @Test
    void aFailedJobRunsAgainUnderItsId() throws SQLException {
        String id = api.chat();
        worker.fail(id);
        Answer replay = api.post("/v1/jobs/" + id + "/replay", "");

        assertThat(replay.status()).as(replay.body()).isEqualTo(202);
        assertThat(replay.jobId()).isEqualTo(id);
        assertThat(replay.json().path("status").asText()).isEqualTo("queued");
        assertThat(replay.json().path("attempt").asInt()).isZero();
        worker.complete(id);
        assertThat(api.get("/v1/jobs/" + id).json().path("status").asText()).isEqualTo("complete");
        Answer refused = api.post("/v1/jobs/" + id + "/replay", "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("CONFLICT");
    }

    @Test
    void attemptsAreToldOneByOne() throws SQLException {
        String id = api.chat();
        worker.fail(id);
        api.post("/v1/jobs/" + id + "/replay", "");
        ClaimedJob claimed = worker.claim(id);

        JsonNode attempts = api.get("/v1/jobs/" + id + "/attempts").json().path("data");
        assertThat(attempts).hasSize(2);
        assertThat(attempts.at("/0/status").asText()).isEqualTo("broken");
        assertThat(attempts.at("/0/error/code").asText()).isEqualTo("PROVIDER_UNAVAILABLE");
        assertThat(attempts.at("/0/http_status").asInt()).isEqualTo(503);
        assertThat(attempts.at("/0/provider_request_id").asText()).isEqualTo("req-2");
        assertThat(attempts.at("/1/status").asText()).isEqualTo("running");
        worker.complete(claimed);
        attempts = api.get("/v1/jobs/" + id + "/attempts").json().path("data");
        assertThat(attempts.at("/1/status").asText()).isEqualTo("answered");
        assertThat(attempts.at("/1/cost_usd").decimalValue()).isEqualByComparingTo("0.000145");
        assertThat(attempts.at("/1/usage/output_tokens").asInt()).isEqualTo(156);
    }

    @Test
    void theTimelineTellsTheWholeStoryInOrder() throws SQLException {
        String id = api.chat();
        worker.fail(id);
        api.post("/v1/jobs/" + id + "/replay", "");
        worker.complete(id);

        JsonNode story = api.get("/v1/jobs/" + id + "/timeline").json().path("data");
        assertThat(story.findValuesAsText("reason"))
                .containsExactly("accepted", "claimed", "broken", "replayed", "claimed", "answered", "complete");
        assertThat(story.findValuesAsText("status"))
                .containsExactly(
                        "queued", "processing", "processing", "queued", "processing", "processing", "complete");
        assertThat(story.at("/3/who").asText()).isEqualTo("key bootstrap");
    }

    private double metric(String name) {
        return api.get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
