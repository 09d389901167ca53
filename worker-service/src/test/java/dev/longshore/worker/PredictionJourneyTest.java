package dev.longshore.worker;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Settlement.Wait;
import dev.longshore.job.Verdict;
import dev.longshore.job.WaitReason;
import dev.longshore.lease.WorkerLease;
import dev.longshore.prediction.Prediction;
import dev.longshore.prediction.PredictionStore;
import dev.longshore.testing.LongshoreServers;
import dev.longshore.worker.JobDesk.Wish;
import dev.longshore.worker.provider.prediction.PredictionServer;
import dev.longshore.worker.rescue.Abandoned;
import dev.longshore.worker.retention.Retention;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Predictions over the death of workers: what is bought is not bought again, and what is lost is told.
@QuarkusTest
@WithTestResource(LongshoreServers.class)
@WithTestResource(PaperProvider.class)
class PredictionJourneyTest {
    private static final String MODEL = "sim-later";

    @Inject
    JobDesk desk;

    @Inject
    JobStore store;

    @Inject
    PredictionStore predictions;

    @Inject
    Abandoned abandoned;

    @Inject
    Retention retention;

    private final PredictionServer provider = PaperProvider.predictions();

    @BeforeEach
    void quietProvider() {
        provider.succeed();
    }

    private int gone;

    /// A job in the hands of a worker that is not heard of any more; [#goesUnheard] says when that is noticed.
    private ClaimedJob claimedByTheDead(Wish wish) throws SQLException {
        JobId job = desk.submitWithoutTicketFor(MODEL, wish);
        gone = new WorkerLease(desk.database(), Duration.ofMinutes(1)).join("gone", 1);
        return store.claim(gone, List.of(job.uuid())).getFirst();
    }

    private void goesUnheard() {
        desk.lapse(gone);
    }

    private static Prediction intent(ClaimedJob job, String model) {
        return new Prediction(job.id(), job.epoch(), "later", model, 0, Instant.EPOCH, null, null);
    }

    private List<String> calls(JobId job) {
        return provider.calls(job.toString());
    }

    @Test
    void aPredictionIsOneAttemptAndItsRowGoesWithItsJob() throws SQLException {
        JobId job = desk.submitFor(MODEL, Wish.ORDINARY);
        desk.awaitState(job, "complete");
        assertThat(desk.attempts(job)).isEqualTo("answered");
        assertThat(calls(job)).startsWith("POST /v1/predictions");
        assertThat(predictions.open(List.of(job))).hasSize(1);
        retention.runOnce(Instant.now());
        assertThat(predictions.open(List.of(job))).isEmpty();
    }

    @Test
    void whatADeadWorkerHasBoughtIsWaitedForByTheNext() throws SQLException {
        // One attempt, and no call may be repeated: yet nothing is lost, nothing unknown and nothing charged.
        ClaimedJob dead = claimedByTheDead(Wish.ORDINARY.attempts(1).neverTwice());
        predictions.begin(intent(dead, "theirs"));
        predictions.bought(dead.id(), dead.epoch(), "p-77");
        goesUnheard();

        desk.awaitState(dead.id(), "complete");

        assertThat(desk.attempts(dead.id())).isEqualTo("answered");
        assertThat(calls(dead.id())).containsExactly("GET /v1/predictions/p-77");
        assertThat(desk.one("SELECT attempt FROM job_outcome WHERE job_id = ?", dead.id()))
                .isEqualTo("1");
    }

    @Test
    void whatADeadWorkerMayHaveBoughtIsUnknown() throws SQLException {
        ClaimedJob dead = claimedByTheDead(Wish.ORDINARY);
        predictions.begin(intent(dead, "theirs"));
        goesUnheard();

        desk.awaitState(dead.id(), "complete");

        assertThat(desk.attempts(dead.id())).isEqualTo("unknown answered");
        // Under the name of the first try.
        assertThat(provider.seen())
                .anyMatch(one -> (dead.id() + "-1").equals(one.headers().get("idempotency-key")));
    }

    @Test
    void whatMayNotBeRepeatedFailsWhereItMayHaveBeenBought() throws SQLException {
        ClaimedJob dead = claimedByTheDead(Wish.ORDINARY.neverTwice());
        predictions.begin(intent(dead, "theirs"));
        goesUnheard();

        desk.awaitState(dead.id(), "failed OUTCOME_UNKNOWN");

        assertThat(calls(dead.id())).isEmpty();
    }

    @Test
    void whatWasBoughtOfAModelThatIsNoLongerAskedIsUnknown() throws SQLException {
        ClaimedJob dead = claimedByTheDead(Wish.ORDINARY.neverTwice());
        predictions.begin(intent(dead, "another"));
        predictions.bought(dead.id(), dead.epoch(), "p-78");
        goesUnheard();

        desk.awaitState(dead.id(), "failed OUTCOME_UNKNOWN");
    }

    @Test
    void aCancelReachesTheProvider() throws SQLException {
        provider.untilToldOtherwise("processing");
        JobId job = desk.submitFor(MODEL, Wish.ORDINARY);
        await().atMost(JobDesk.PATIENCE).until(() -> calls(job).size() >= 2);
        store.cancel(1, job, "test");
        desk.awaitState(job, "cancelled");
        assertThat(calls(job)).last().asString().endsWith("/cancel");
        assertThat(desk.attempts(job)).isEqualTo("interrupted");
    }

    private String progress(JobId job) throws SQLException {
        return desk.one("SELECT concat_ws(' ', status, progress, progress_message) FROM job_run WHERE job_id = ?", job);
    }

    @Test
    void howFarItIsStandsInItsJobWhileItRuns() throws SQLException {
        provider.untilToldOtherwise(40, "drawing");
        JobId job = desk.submitFor(MODEL, Wish.ORDINARY);
        await().atMost(JobDesk.PATIENCE).until(() -> progress(job).equals("processing 0.4 drawing"));
        provider.untilToldOtherwise(30, "painting");
        await().atMost(JobDesk.PATIENCE).until(() -> progress(job).equals("processing 0.4 painting"));
        provider.untilToldOtherwise(90, "painting");
        await().atMost(JobDesk.PATIENCE).until(() -> progress(job).equals("processing 0.9 painting"));
        provider.succeed();
        desk.awaitState(job, "complete");
    }

    /// Cancelled while no worker had it.
    @Test
    void whatNobodyWantsAnyMoreIsCancelledAtTheProviderAndItsCostIsHeld() throws SQLException {
        ClaimedJob dead = claimedByTheDead(Wish.ORDINARY);
        predictions.begin(intent(dead, "theirs"));
        predictions.bought(dead.id(), dead.epoch(), "p-79");
        Wait wait = new Wait(WaitReason.BACKOFF, Instant.now().plusSeconds(200), "later", true);
        assertThat(store.settle(List.of(new Verdict(dead, wait, null)), 0)).hasSize(1);
        store.cancel(1, dead.id(), "test");
        goesUnheard();

        abandoned.runOnce();

        // The worker's own chore may have been ahead of us.
        await().atMost(JobDesk.PATIENCE)
                .until(() -> calls(dead.id()).equals(List.of("POST /v1/predictions/p-79/cancel")));
        assertThat(predictions.open(List.of(dead.id()))).isEmpty();
        assertThat(desk.attempts(dead.id())).isEqualTo("interrupted");
        assertThat(desk.one("""
                SELECT concat_ws(' ', a.epoch, a.model, a.provider_request_id, a.error_code, a.cost_nanos,
                                 -- 0.15 and 0.60 dollars a million, of its bytes and of its longest answer
                                 a.held_nanos - 150 * octet_length(j.input) - 600 * 1000)
                  FROM attempt a
                  JOIN job j ON j.job_id = a.job_id
                 WHERE a.job_id = ?
                """, dead.id())).isEqualTo("1 sim-later p-79 CANCELLED 0 0");
    }

    /// The job's first worker was drained while it waited, and its next one asks another model.
    @Test
    void whatAnotherModelsPredictionReplacesIsCancelledAndItsCostIsHeld() throws SQLException {
        ClaimedJob dead = claimedByTheDead(Wish.ORDINARY);
        predictions.begin(intent(dead, "theirs-too"));
        predictions.bought(dead.id(), dead.epoch(), "p-91");
        Wait wait = new Wait(WaitReason.BACKOFF, Instant.now().plusMillis(50), "later", true);
        assertThat(store.settle(List.of(new Verdict(dead, wait, null)), 0)).hasSize(1);

        desk.awaitState(dead.id(), "complete");
        abandoned.runOnce();

        // The worker's own chore may have been ahead of us.
        await().atMost(JobDesk.PATIENCE).until(() -> calls(dead.id()).contains("POST /v1/predictions/p-91/cancel"));
        assertThat(desk.attempts(dead.id())).isEqualTo("interrupted answered");
        assertThat(desk.one(
                        "SELECT concat_ws(' ', epoch, model, attempt, charged, provider_request_id, held_nanos) FROM attempt"
                                + " WHERE outcome = 'interrupted' AND job_id = ?",
                        dead.id()))
                // 0.30 dollars a million, of its longest answer
                .isEqualTo("1 sim-sooner 1 f p-91 300000");
        assertThat(predictions.abandoned(100))
                .noneMatch(one -> one.prediction().job().equals(dead.id()));
    }

    @Test
    void aJobThatTakesWorkersDownIsChargedInTheEnd() throws SQLException {
        ClaimedJob dead = claimedByTheDead(Wish.ORDINARY.neverTwice());
        predictions.begin(intent(dead, "theirs"));
        predictions.bought(dead.id(), dead.epoch(), "p-80");
        desk.one("UPDATE job_run SET epoch = 21 WHERE job_id = ? RETURNING epoch", dead.id());
        goesUnheard();

        desk.awaitState(dead.id(), "failed OUTCOME_UNKNOWN");
    }
}
