package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longshore.job.JobId;
import dev.longshore.simulator.Behaviour;
import dev.longshore.simulator.Call;
import dev.longshore.simulator.Fault;
import dev.longshore.simulator.FaultKind;
import dev.longshore.simulator.Latency;
import dev.longshore.simulator.Script;
import dev.longshore.simulator.Simulator;
import dev.longshore.testing.LongshoreServers;
import dev.longshore.worker.JobDesk.Wish;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a worker does when a model does not take a job now, or not at all.
@QuarkusTest
@WithTestResource(LongshoreServers.class)
@WithTestResource(PaperProvider.class)
class ThrottleJourneyTest {
    private static final String ANSWERED_BY = "SELECT model FROM job_outcome WHERE job_id = ?";

    @Inject
    JobDesk desk;

    private final Simulator simulator = PaperProvider.simulator();

    @BeforeEach
    void quietProvider() {
        simulator.release();
        simulator.script(Script.EMPTY);
        simulator.reset();
    }

    /// The breaker closes by a trial call of a job.
    @AfterEach
    void closeTheBreaker() throws SQLException {
        simulator.script(Script.EMPTY);
        desk.execute("DELETE FROM provider_pause");
        JobId trial = desk.submitFor("fussy", Wish.ORDINARY.withOptions("{\"fallback\":false}"));
        desk.awaitState(trial, "complete");
    }

    private void fussy(Fault... faults) {
        simulator.script(Script.EMPTY.with("fussy", Behaviour.ORDINARY.withFaults(faults)));
    }

    @Test
    void whatOneModelsFilterStopsTheNextModelIsAsked() throws SQLException {
        simulator.script("""
                {"models": {"fussy": {"faults": [{"kind": "status", "status": 400, "code": "content_filter"}]}}}""");
        JobId job = desk.submitFor("fussy", Wish.ORDINARY);
        desk.awaitState(job, "complete");

        assertThat(desk.attempts(job)).isEqualTo("refused answered");
        assertThat(desk.one(ANSWERED_BY, job)).isEqualTo("sim-small");
        assertThat(desk.one("SELECT detail ->> 'model' FROM job_note WHERE kind = 'fell_back' AND job_id = ?", job))
                .isEqualTo("sim-small");
    }

    @Test
    void aJobThatWantsItsOwnModelOnlyIsNotGivenAnother() throws SQLException {
        simulator.script("""
                {"models": {"fussy": {"faults": [{"kind": "status", "status": 400, "code": "content_filter"}]}}}""");
        JobId job = desk.submitFor("fussy", Wish.ORDINARY.withOptions("{\"fallback\":false}"));
        desk.awaitState(job, "failed CONTENT_FILTER_TRIGGERED");
        assertThat(simulator.calls("sim-small")).isEmpty();
    }

    @Test
    void theLastAttemptBelongsToTheFallback() throws SQLException {
        fussy(Fault.status(500));
        JobId job = desk.submitFor("fussy", Wish.ORDINARY.attempts(3));
        desk.awaitState(job, "complete");

        assertThat(desk.attempts(job)).isEqualTo("broken broken answered");
        assertThat(desk.one(ANSWERED_BY, job)).isEqualTo("sim-small");
    }

    @Test
    void aWrongKeyOpensTheBreakerAtOnceAndLaterJobsWaitWithoutACall() throws SQLException {
        fussy(Fault.status(401));
        JobId first = desk.submitFor("fussy", Wish.ORDINARY);
        desk.awaitState(first, "failed PROVIDER_AUTH_FAILED");
        JobId second = desk.submitFor("fussy", Wish.ORDINARY);
        desk.awaitState(second, "waiting circuit_open");

        assertThat(desk.one("SELECT wait_detail FROM job_run WHERE job_id = ?", second))
                .startsWith("fussy is left alone for a while: The provider answered 401");
        assertThat(simulator.calls("fussy")).hasSize(1);
        simulator.script(Script.EMPTY);
        desk.awaitState(second, "complete");
        assertThat(desk.one("SELECT attempt FROM job_outcome WHERE job_id = ?", second))
                .as("waiting costs no attempt")
                .isEqualTo("1");
    }

    @Test
    void aJobWithLittleTimeFallsBackRatherThanWaitForTheBreaker() throws SQLException {
        fussy(Fault.status(401));
        desk.awaitState(desk.submitFor("fussy", Wish.ORDINARY), "failed PROVIDER_AUTH_FAILED");

        JobId hurried = desk.submitFor("fussy", Wish.ORDINARY.within(Duration.ofSeconds(8)));
        desk.awaitState(hurried, "complete");

        assertThat(desk.one(ANSWERED_BY, hurried)).isEqualTo("sim-small");
        assertThat(simulator.calls("fussy")).hasSize(1);
    }

    @Test
    void aPausedProviderIsNotCalledUntilItIsResumed() throws SQLException {
        Wish onlyIt = Wish.ORDINARY.withOptions("{\"fallback\":false}");
        desk.execute("INSERT INTO provider_pause (provider, paused_by) VALUES ('fussy', 'test')");
        // Told within a second.
        await().atMost(JobDesk.PATIENCE).untilAsserted(() -> {
            JobId job = desk.submitFor("fussy", onlyIt);
            await().atMost(JobDesk.PATIENCE)
                    .until(() -> Set.of("complete", "waiting circuit_open").contains(desk.state(job)));
            assertThat(desk.state(job)).isEqualTo("waiting circuit_open");
        });
        long calls = simulator.calls("fussy").size();
        JobId job = desk.submitFor("fussy", onlyIt);
        desk.awaitState(job, "waiting circuit_open");
        assertThat(simulator.calls("fussy")).hasSize((int) calls);

        desk.execute("DELETE FROM provider_pause");
        desk.awaitState(job, "complete");
    }

    @Test
    void aModelsLimitIsKeptHoweverManyWantItAndAllComplete() throws SQLException {
        simulator.script(
                Script.EMPTY.with("narrow", Behaviour.ORDINARY.withLatency(Latency.fixed(Duration.ofMillis(30)))));
        List<JobId> jobs = desk.submitFor("narrow", Wish.ORDINARY, 60);
        for (JobId job : jobs) {
            desk.awaitState(job, "complete");
        }
        assertThat(Objects.requireNonNull(simulator.stats().models().get("narrow"))
                        .maxOpen())
                .isEqualTo(2);
        assertThat(simulator.calls("narrow")).as("nobody was called twice").hasSize(60);
    }

    @Test
    void aProviderThatAsksForTimeGetsIt() throws SQLException {
        fussy(Fault.of(FaultKind.STATUS).withRetryAfter("1").onCalls("1-2"));
        List<JobId> jobs = desk.submitFor("fussy", Wish.ORDINARY, 6);
        for (JobId job : jobs) {
            desk.awaitState(job, "complete");
        }
        List<Call> calls = simulator.calls("fussy");
        assertThat(calls.stream().filter(call -> Integer.valueOf(429).equals(call.status())))
                .hasSize(2);
        assertThat(calls).hasSize(8);
    }

    @Test
    void callsAreSpreadOverTheKeys() throws SQLException {
        List<JobId> jobs = desk.submitFor("fussy", Wish.ORDINARY, 10);
        for (JobId job : jobs) {
            desk.awaitState(job, "complete");
        }
        assertThat(simulator.calls("fussy").stream().map(Call::keyTail).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("one1", "two2");
    }
}
