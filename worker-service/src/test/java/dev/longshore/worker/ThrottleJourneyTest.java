package dev.longshore.worker;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
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
    private static final Wish ONLY_IT = Wish.ORDINARY.withOptions("{\"fallback\":false}");
    private static final String ANSWERED_BY = "SELECT model FROM job_outcome WHERE job_id = ?";

    @Inject
    JobDesk desk;

    @Inject
    MeterRegistry metrics;

    private final Simulator simulator = PaperProvider.simulator();

    @BeforeEach
    void quietProvider() {
        simulator.release();
        simulator.script(Script.EMPTY);
        simulator.reset();
    }

    /// Breakers, of the model and of its keys, close by trial calls of jobs.
    @AfterEach
    void closeTheBreakers() {
        simulator.script(Script.EMPTY);
        desk.execute("DELETE FROM provider_pause");
        await().atMost(JobDesk.PATIENCE).untilAsserted(() -> {
            for (String model : List.of("fussy", "narrow")) {
                desk.awaitState(desk.submitFor(model, ONLY_IT), "complete");
            }
            assertThat(desk.one("SELECT count(*) FROM breaker WHERE state <> 'closed'"))
                    .isEqualTo("0");
        });
    }

    /// All calls before the first trial call: as long as the provider was left alone, nobody called it.
    private List<Call> callsBeforeATrial() {
        List<Call> calls = simulator.calls();
        long openUntil = calls.getFirst().receivedAt() + PaperProvider.LEFT_ALONE.toMillis();
        return calls.stream().filter(call -> call.receivedAt() < openUntil).toList();
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

    /// One job after the other, so that the keys take turns.
    private List<JobId> oneByOne(String model, int count) throws SQLException {
        List<JobId> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            JobId job = desk.submitFor(model, ONLY_IT);
            desk.awaitState(job, "complete");
            jobs.add(job);
        }
        return jobs;
    }

    private long callsWith(String keyTail) {
        return simulator.calls().stream()
                .filter(call -> keyTail.equals(call.keyTail()))
                .count();
    }

    @Test
    void aKeyThatIsNotAcceptedIsLeftAloneAndNoJobFailsForIt() throws SQLException {
        double alarms = alarms();
        simulator.script("""
                {"accepted_keys": ["sk-fussy-one1"]}""");
        List<JobId> jobs = oneByOne("fussy", 4);
        jobs.addAll(oneByOne("narrow", 4));

        assertThat(jobs.stream().map(desk::attempts)).containsOnlyOnce("refused answered");
        assertThat(jobs)
                .allSatisfy(job -> assertThat(desk.one("SELECT attempt FROM job_outcome WHERE job_id = ?", job))
                        .as("it is not the job's fault")
                        .isEqualTo("1"));
        assertThat(desk.one("SELECT string_agg(model || key_number || ' ' || state, ',') FROM breaker"
                        + " WHERE state <> 'closed' OR key_number < 0"))
                .as("of all its breakers, that of the key for all models is open")
                .isEqualTo("1 open");
        // The call that was refused, and a trial for each time that it was left alone for long enough.
        assertThat(callsWith("two2"))
                .isEqualTo(Long.parseLong(desk.one("SELECT openings FROM breaker WHERE key_number = 1")));
        assertThat(alarms() - alarms).isEqualTo(callsWith("two2"));

        simulator.script(Script.EMPTY);
        await().atMost(JobDesk.PATIENCE).untilAsserted(() -> {
            oneByOne("narrow", 1);
            assertThat(desk.one("SELECT state FROM breaker WHERE key_number = 1"))
                    .isEqualTo("closed");
        });
        simulator.reset();
        oneByOne("fussy", 2);
        assertThat(callsWith("two2")).as("it takes its turn again").isEqualTo(1);
    }

    private double alarms() {
        return metrics.find("longshore.key.refused").tags("provider", "fussy").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void whatIsForbiddenForOneModelLeavesTheKeysToTheOthers() throws SQLException {
        fussy(Fault.status(403));
        JobId job = desk.submitFor("fussy", ONLY_IT);
        desk.awaitState(job, "failed PROVIDER_AUTH_FAILED");
        simulator.reset();

        assertThat(oneByOne("narrow", 4).stream().map(desk::attempts)).containsOnly("answered");

        assertThat(callsWith("one1")).isEqualTo(2);
        assertThat(callsWith("two2")).isEqualTo(2);
    }

    @Test
    void withNoKeyLeftTheBreakerOpensAtOnceAndLaterJobsWaitWithoutACall() throws SQLException {
        fussy(Fault.status(401));
        JobId first = desk.submitFor("fussy", Wish.ORDINARY);
        desk.awaitState(first, "failed PROVIDER_AUTH_FAILED");
        assertThat(desk.attempts(first)).as("one with each key").isEqualTo("refused refused");
        JobId second = desk.submitFor("fussy", Wish.ORDINARY);
        desk.awaitState(second, "waiting circuit_open");

        assertThat(desk.one("SELECT wait_detail FROM job_run WHERE job_id = ?", second))
                .startsWith("fussy is left alone for a while: The provider answered 401");
        JobId other = desk.submitFor("narrow", Wish.ORDINARY);
        desk.awaitState(other, "waiting circuit_open");
        assertThat(desk.one("SELECT wait_detail FROM job_run WHERE job_id = ?", other))
                .startsWith("no key is accepted: The provider answered 401");
        assertThat(callsBeforeATrial()).hasSize(2);
        simulator.script(Script.EMPTY);
        desk.awaitState(second, "complete");
        desk.awaitState(other, "complete");
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
        assertThat(callsBeforeATrial().stream().filter(call -> "fussy".equals(call.model())))
                .hasSize(2);
    }

    @Test
    void aPausedProviderIsNotCalledUntilItIsResumed() throws SQLException {
        desk.execute("INSERT INTO provider_pause (provider, paused_by) VALUES ('fussy', 'test')");
        // Told within a second.
        await().atMost(JobDesk.PATIENCE).untilAsserted(() -> {
            JobId job = desk.submitFor("fussy", ONLY_IT);
            await().atMost(JobDesk.PATIENCE)
                    .until(() -> Set.of("complete", "waiting circuit_open").contains(desk.state(job)));
            assertThat(desk.state(job)).isEqualTo("waiting circuit_open");
        });
        long calls = simulator.calls("fussy").size();
        JobId job = desk.submitFor("fussy", ONLY_IT);
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
