package dev.longshore.api;

import static dev.longshore.job.JobStatus.CANCELLED;
import static dev.longshore.job.JobStatus.COMPLETE;
import static dev.longshore.job.JobStatus.FAILED;
import static dev.longshore.job.JobStatus.PROCESSING;
import static dev.longshore.job.JobStatus.QUEUED;
import static dev.longshore.job.JobStatus.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.longshore.attempt.ErrorCode;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.job.JobStore;
import dev.longshore.job.Settlement.Bury;
import dev.longshore.job.Settlement.HandBack;
import dev.longshore.job.Settlement.Wait;
import dev.longshore.job.Verdict;
import dev.longshore.job.WaitReason;
import dev.longshore.outbox.EventSequence;
import dev.longshore.view.JobJson;
import dev.longshore.view.JobTale;
import dev.longshore.view.JobTales;
import dev.longshore.view.Owned;
import dev.longshore.view.Step;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A job's life can be told again, step by step, as its owner saw it.
@QuarkusTest
@Platform
class JobTaleTest {
    private final Api api = Api.operator();

    @Inject
    DataSource database;

    @Inject
    JobStore store;

    @Inject
    JobTales tales;

    private FakeWorker worker;

    @BeforeEach
    void startAWorker() throws SQLException {
        worker = new FakeWorker(database);
    }

    private JobTale tale(String id) throws SQLException {
        JobId job = JobId.parse(id).orElseThrow();
        return tales.read(List.of(new Owned(job, tenantOf(id)))).get(job);
    }

    private int tenantOf(String id) throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.prepareStatement("SELECT tenant_id FROM job WHERE job_id = ?")) {
            statement.setObject(1, JobId.parse(id).orElseThrow().uuid());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private void passWait(String id) throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.prepareStatement(
                        "UPDATE job_run SET wake_at = now() - interval '1 second' WHERE job_id = ?")) {
            statement.setObject(1, JobId.parse(id).orElseThrow().uuid());
            statement.executeUpdate();
        }
        while (store.wake(100) > 0) {
            // Other tests' jobs may be due as well.
        }
    }

    private static List<Long> numbers(Object... epochsAndStatuses) {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < epochsAndStatuses.length; i += 2) {
            numbers.add(EventSequence.of((int) epochsAndStatuses[i], (JobStatus) epochsAndStatuses[i + 1]));
        }
        return numbers;
    }

    @Test
    void everyStepIsToldWithItsNumber() throws SQLException {
        String id = api.chat();
        worker.backOff(id);
        passWait(id);
        store.settle(List.of(new Verdict(worker.claim(id), new HandBack("drain", false), null)), 0);
        worker.fail(worker.claim(id), ErrorCode.PROVIDER_UNAVAILABLE);
        api.post("/v1/jobs/" + id + "/replay", "");
        worker.complete(id);

        JobTale tale = tale(id);

        assertThat(tale.steps())
                .extracting(Step::number)
                .isEqualTo(numbers(
                        0,
                        QUEUED,
                        1,
                        PROCESSING,
                        1,
                        WAITING,
                        1,
                        QUEUED,
                        2,
                        PROCESSING,
                        2,
                        QUEUED,
                        3,
                        PROCESSING,
                        3,
                        FAILED,
                        4,
                        QUEUED,
                        5,
                        PROCESSING,
                        5,
                        COMPLETE));
        assertThat(tale.steps())
                .extracting(Step::attempt)
                // Neither the refusal nor the hand-back is charged; the replay begins anew.
                .containsExactly(0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1);
        assertThat(tale.steps()).extracting(Step::at).isSorted();
        assertThat(tale.after(EventSequence.of(3, FAILED)))
                .extracting(Step::status)
                .containsExactly(QUEUED, PROCESSING, COMPLETE);
    }

    /// As on a machine where it all happens within a millisecond, which is how exactly calls are written down.
    @Test
    void noStepSeemsToBeEarlierThanTheOneBeforeIt() throws SQLException {
        String id = api.chat();
        worker.backOff(id);
        passWait(id);
        worker.complete(id);
        try (Connection connection = database.getConnection();
                var statement = connection.prepareStatement("""
                        UPDATE attempt a
                           SET started_at = n.at - interval '700 microseconds'
                          FROM job_note n
                         WHERE n.job_id = a.job_id AND n.kind = 'woken' AND a.epoch = 2 AND a.job_id = ?
                        """)) {
            statement.setObject(1, JobId.parse(id).orElseThrow().uuid());
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }

        assertThat(tale(id).steps()).extracting(Step::at).isSorted();
    }

    /// A call that was never sent leaves no attempt behind, and counts all the same.
    @Test
    void aChargedClaimWithoutACallCounts() throws SQLException {
        String id = api.chat();
        Wait backoff = new Wait(WaitReason.BACKOFF, Instant.now(), "not reached", true);
        store.settle(List.of(new Verdict(worker.claim(id), backoff, null)), 0);
        passWait(id);
        worker.complete(id);

        assertThat(tale(id).steps())
                .extracting(Step::status, Step::attempt)
                .containsExactly(
                        tuple(QUEUED, 0),
                        tuple(PROCESSING, 1),
                        tuple(WAITING, 1),
                        tuple(QUEUED, 1),
                        tuple(PROCESSING, 2),
                        tuple(COMPLETE, 2));
    }

    @Test
    void aClaimThatEndedTheJobWithoutACallIsToldAll() throws SQLException {
        String id = api.chat();
        ClaimedJob claim = worker.claim(id);
        store.settle(List.of(new Verdict(claim, new Bury(ErrorCode.DEADLINE_EXCEEDED, "too late", false), null)), 0);
        api.post("/v1/jobs/" + id + "/replay", "");
        api.post("/v1/jobs/" + id + "/cancel", "");

        JobTale tale = tale(id);

        // The second epoch is the replay's, and nobody claimed the job after it.
        assertThat(tale.steps())
                .extracting(Step::number)
                .isEqualTo(numbers(0, QUEUED, 1, PROCESSING, 1, FAILED, 2, QUEUED, 2, CANCELLED));
        assertThat(tale.steps()).extracting(Step::at).isSorted();
    }

    @Test
    void aJobWhoseTimeHadComeWhenItWasWrittenDidNotWait() throws SQLException {
        String id = api.chat();
        try (Connection connection = database.getConnection();
                var statement = connection.prepareStatement("UPDATE job SET run_at = now() WHERE job_id = ?")) {
            statement.setObject(1, JobId.parse(id).orElseThrow().uuid());
            statement.executeUpdate();
        }
        assertThat(tale(id).steps()).extracting(Step::number).isEqualTo(numbers(0, QUEUED));
        worker.complete(id);

        assertThat(tale(id).steps()).extracting(Step::number).isEqualTo(numbers(0, QUEUED, 1, PROCESSING, 1, COMPLETE));
    }

    @Test
    void aStepShowsTheJobAsItWas() throws SQLException {
        String id = api.chat();
        worker.backOff(id);
        passWait(id);
        worker.fail(id);
        api.post("/v1/jobs/" + id + "/replay", "");
        worker.complete(id);
        JobTale tale = tale(id);

        var waiting = tale.at(tale.steps().get(2));
        assertThat(waiting.status()).isEqualTo("waiting");
        assertThat(waiting.waiting()).isNotNull();
        assertThat(waiting.waiting().reason()).isEqualTo("rate_limited");
        assertThat(waiting.waiting().detail()).isEqualTo("slow down");
        assertThat(waiting.result()).isNull();
        assertThat(waiting.finishedAt()).isNull();

        var failed = tale.at(tale.steps().get(5));
        assertThat(failed.status()).isEqualTo("failed");
        assertThat(failed.error()).isNotNull();
        assertThat(failed.error().code()).isEqualTo("PROVIDER_UNAVAILABLE");
        assertThat(failed.finishedAt()).isNotNull();

        var now = tale.at(tale.steps().getLast());
        assertThat(JobJson.whole(now)).isEqualTo(api.get("/v1/jobs/" + id).body());
        assertThat(JobJson.withoutResult(now))
                .doesNotContain("\"result\"")
                .contains("\"status\":\"complete\"", "\"cost_usd\":0.000145");
    }

    @Test
    void aRunningJobsLastStepIsItsClaim() throws SQLException {
        String id = api.chat();
        worker.claim(id);

        assertThat(tale(id).steps()).extracting(Step::status).containsExactly(QUEUED, PROCESSING);
    }

    @Test
    void aJobForLaterWaitsUntilItsTime() throws SQLException {
        String id = api.post("/v1/jobs", """
                {"operation": "chat", "delay_seconds": 600,
                 "input": {"model": "sim-small", "messages": [{"role": "user", "content": "hello"}]}}
                """).jobId();

        assertThat(tale(id).steps()).singleElement().satisfies(step -> {
            assertThat(step.status()).isEqualTo(WAITING);
            assertThat(step.waiting()).isNotNull();
            assertThat(step.waiting().reason()).isEqualTo("scheduled");
        });
    }

    @Test
    void anotherTenantsJobIsNone() throws SQLException {
        String id = api.chat();
        JobId job = JobId.parse(id).orElseThrow();

        assertThat(tales.read(List.of(new Owned(job, tenantOf(id) + 1)))).isEqualTo(Map.of());
        assertThat(tales.read(List.of())).isEmpty();
    }
}
