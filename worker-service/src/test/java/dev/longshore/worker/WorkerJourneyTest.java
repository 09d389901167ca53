package dev.longshore.worker;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.CancelAnswer;
import dev.longshore.lane.Lane;
import dev.longshore.lane.Ticket;
import dev.longshore.lease.WorkerLease;
import dev.longshore.simulator.Behaviour;
import dev.longshore.simulator.Call;
import dev.longshore.simulator.Fault;
import dev.longshore.simulator.FaultKind;
import dev.longshore.simulator.Script;
import dev.longshore.simulator.Simulator;
import dev.longshore.testing.LongshoreServers;
import dev.longshore.worker.JobDesk.Wish;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(LongshoreServers.class)
@WithTestResource(PaperProvider.class)
class WorkerJourneyTest {
    @Inject
    JobDesk desk;

    @Inject
    JobStore store;

    @Inject
    Producer<byte[], byte[]> producer;

    private final Simulator simulator = PaperProvider.simulator();

    @BeforeEach
    void quietProvider() {
        simulator.release();
        simulator.script(Script.EMPTY);
        simulator.reset();
    }

    private void faults(Fault... faults) {
        simulator.script(Script.EMPTY.with("sim-small", Behaviour.ORDINARY.withFaults(faults)));
    }

    @Test
    void aJobWithATicketIsCalledOnceAndCompletes() throws SQLException {
        JobId job = desk.submit("hello");
        desk.awaitState(job, "complete");
        assertThat(desk.attempts(job)).isEqualTo("answered");
        assertThat(simulator.calls("sim-small")).hasSize(1);
        assertThat(desk.one("SELECT cost_nanos > 0 FROM job_outcome WHERE job_id = ?", job))
                .isEqualTo("t");
    }

    @Test
    void aJobInTheBacklogIsFedAndCompletes() throws SQLException {
        JobId job = desk.submit("hello", Wish.ORDINARY.throughTheBacklog());
        desk.awaitState(job, "complete");
    }

    @Test
    void aThousandJobsOnThreeLanesAllCompleteWithOneCallEach() throws SQLException {
        List<JobId> standard = desk.submit("a", Wish.ORDINARY, 400, true);
        List<JobId> batch = desk.submit("b", Wish.ORDINARY.on(Lane.BATCH).throughTheBacklog(), 400, true);
        List<JobId> interactive = desk.submit("c", Wish.ORDINARY.on(Lane.INTERACTIVE), 200, true);
        for (List<JobId> jobs : List.of(standard, batch, interactive)) {
            jobs.forEach(job -> desk.awaitState(job, "complete"));
        }
        assertThat(simulator.calls("sim-small")).hasSize(1000);
        assertThat(simulator.stats().all().maxOpen()).isLessThanOrEqualTo(20);
    }

    @Test
    void failuresThatMayPassAreTriedAgainUntilOneSucceeds() throws SQLException {
        faults(Fault.status(500).onCalls("1"), Fault.of(FaultKind.MALFORMED).onCalls("2"));
        JobId job = desk.submit("hello");
        desk.awaitState(job, "complete");
        assertThat(desk.attempts(job)).isEqualTo("broken broken answered");
    }

    @Test
    void afterTheLastAttemptTheJobIsBuried() throws SQLException {
        faults(Fault.status(503));
        JobId job = desk.submit("hello");
        desk.awaitState(job, "failed PROVIDER_UNAVAILABLE");
        assertThat(desk.attempts(job)).isEqualTo("broken broken broken");
    }

    @Test
    void whatTheProviderRefusesIsNotTriedAgain() throws SQLException {
        faults(Fault.status(400));
        JobId job = desk.submit("hello");
        desk.awaitState(job, "failed INVALID_REQUEST");
        assertThat(desk.attempts(job)).isEqualTo("refused");
    }

    @Test
    void aThrottledAttemptWaitsAsLongAsToldAndIsNotCharged() throws SQLException {
        faults(Fault.status(429).withRetryAfter("1").onCalls("1-4"));
        JobId job = desk.submit("hello", Wish.ORDINARY.attempts(2));
        desk.awaitState(job, "waiting rate_limited");
        desk.awaitState(job, "complete");
        assertThat(desk.attempts(job)).isEqualTo("throttled throttled throttled throttled answered");
        assertThat(desk.one("SELECT attempt FROM job_outcome WHERE job_id = ?", job))
                .isEqualTo("1");
        List<Call> calls = simulator.calls("sim-small");
        assertThat(calls.get(1).receivedAt() - calls.get(0).receivedAt()).isGreaterThanOrEqualTo(950);
    }

    @Test
    void aConnectionThatBreaksAfterTheRequestWasSentIsAnUnknownOutcomeAndTriedAgain() throws SQLException {
        faults(Fault.of(FaultKind.RESET).onCalls("1"));
        JobId job = desk.submit("hello");
        desk.awaitState(job, "complete");
        assertThat(desk.attempts(job)).isEqualTo("unknown answered");
        assertThat(desk.one("SELECT held_nanos > 0 FROM attempt WHERE job_id = ? AND outcome = 'unknown'", job))
                .isEqualTo("t");
    }

    @Test
    void aJobThatAsksForAStreamHasTheResultOfOneThatDoesNot() throws SQLException {
        faults(Fault.of(FaultKind.BROKEN_STREAM).onCalls("1"));
        JobId job = desk.submit("hello", Wish.ORDINARY.asAStream());
        desk.awaitState(job, "complete");
        assertThat(desk.attempts(job)).isEqualTo("broken answered");
        assertThat(desk.one("SELECT result::json->>'object' FROM job_outcome WHERE job_id = ?", job))
                .isEqualTo("chat.completion");
    }

    @Test
    void whatAStreamHadUsedWhenItBrokeOffIsBooked() throws SQLException {
        faults(Fault.of(FaultKind.BROKEN_STREAM).onCalls("1"));
        JobId job = desk.submit("hello", Wish.ORDINARY.asAStream());
        desk.awaitState(job, "complete");
        assertThat(desk.one("""
                SELECT input_tokens > 0 AND output_tokens > 0 AND held_nanos = 0
                       -- 0.15 and 0.60 dollars a million
                       AND cost_nanos = 150 * input_tokens + 600 * output_tokens
                  FROM attempt
                 WHERE outcome = 'broken' AND job_id = ?
                """, job)).isEqualTo("t");
        assertThat(desk.one("""
                SELECT o.cost_nanos = (SELECT sum(a.cost_nanos) FROM attempt a WHERE a.job_id = o.job_id)
                  FROM job_outcome o
                 WHERE o.job_id = ?
                """, job)).isEqualTo("t");
    }

    @Test
    void aJobThatMayNotBeCalledTwiceFailsWhenAnOutcomeIsUnknown() throws SQLException {
        faults(Fault.of(FaultKind.RESET));
        JobId job = desk.submit("hello", Wish.ORDINARY.neverTwice());
        desk.awaitState(job, "failed OUTCOME_UNKNOWN");
        assertThat(simulator.calls("sim-small")).hasSize(1);
    }

    @Test
    void cancellingARunningJobAbortsItsCall() throws SQLException {
        faults(Fault.of(FaultKind.HOLD));
        JobId job = desk.submit("hello");
        await().atMost(JobDesk.PATIENCE).until(() -> simulator.stats().all().open() == 1);
        assertThat(store.cancel(1, job, "test")).isEqualTo(CancelAnswer.STOPPING);
        desk.awaitState(job, "cancelled");
        await().until(() -> simulator.stats().all().aborted() == 1);
        assertThat(desk.attempts(job)).isEqualTo("interrupted");
    }

    @Test
    void aDeadlineEndsARunningCallAndTheJob() throws SQLException {
        faults(Fault.of(FaultKind.HOLD));
        JobId job = desk.submit("hello", Wish.ORDINARY.within(Duration.ofSeconds(1)));
        desk.awaitState(job, "failed DEADLINE_EXCEEDED");
        // A machine that is busy elsewhere may not have come to the call in so short a time.
        for (int seconds = 2; simulator.calls("sim-small").isEmpty(); seconds *= 2) {
            job = desk.submit("hello", Wish.ORDINARY.within(Duration.ofSeconds(seconds)));
            desk.awaitState(job, "failed DEADLINE_EXCEEDED");
        }
        assertThat(desk.one("""
                        SELECT finished_at - deadline_at BETWEEN interval '-50 ms' AND interval '20 seconds'
                          FROM job_outcome WHERE job_id = ?
                        """, job)).isEqualTo("t");
        await().until(() -> simulator.stats().all().aborted() == 1);
    }

    @Test
    void aProviderThatIsSilentIsTriedAgainHoweverFarTheDeadline() throws SQLException {
        // Shorter than the attempt may take, as on the interactive lane.
        Wish wish = Wish.ORDINARY.within(Duration.ofSeconds(30));
        faults(Fault.of(FaultKind.HANG).onCalls("1"));
        JobId job = desk.submitFor("sim-impatient", wish);
        desk.awaitState(job, "complete");
        assertThat(desk.attempts(job)).isEqualTo("unknown answered");
    }

    @Test
    void aScheduledJobRunsWhenItsTimeHasCome() throws SQLException {
        Instant runAt = Instant.now().plusMillis(1500);
        JobId job = desk.submit("hello", Wish.ORDINARY.at(runAt));
        String state = desk.state(job);
        if (Instant.now().isBefore(runAt)) {
            assertThat(state).isEqualTo("waiting scheduled");
        }
        desk.awaitState(job, "complete");
        long late = simulator.calls("sim-small").getFirst().receivedAt() - runAt.toEpochMilli();
        assertThat(late).isNotNegative();
    }

    @Test
    void aTicketThatNeverArrivedIsSentAgain() throws SQLException {
        JobId job = desk.submit("hello", Wish.ORDINARY, 1, false).getFirst();
        assertThat(desk.state(job)).isEqualTo("queued");
        desk.awaitState(job, "complete");
        assertThat(simulator.calls("sim-small")).hasSize(1);
    }

    @Test
    void aTicketThatArrivesManyTimesMakesOneCall() throws SQLException {
        faults(Fault.of(FaultKind.HOLD));
        JobId job = desk.submit("hello");
        for (int i = 0; i < 20; i++) {
            producer.send(new ProducerRecord<>(Lane.STANDARD.topic(), new Ticket(job.uuid()).bytes()));
        }
        producer.flush();
        await().atMost(JobDesk.PATIENCE).until(() -> simulator.stats().all().open() == 1);
        JobId later = desk.submit("later", Wish.ORDINARY.on(Lane.STANDARD));
        await().atMost(JobDesk.PATIENCE).until(() -> simulator.stats().all().open() == 2);
        simulator.release();
        desk.awaitState(job, "complete");
        desk.awaitState(later, "complete");
        assertThat(simulator.calls("sim-small")).hasSize(2);
    }

    @Test
    void recordsThatAreNoTicketsBlockNothing() throws SQLException {
        for (int i = 0; i < 50; i++) {
            byte[] garbage = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(Lane.STANDARD.topic(), garbage, i % 2 == 0 ? garbage : null));
        }
        producer.flush();
        desk.awaitState(desk.submit("hello"), "complete");
    }

    @Test
    void anInteractiveJobOvertakesAFullBatchLane() throws SQLException {
        faults(Fault.of(FaultKind.HOLD).matching("slow"));
        List<JobId> batch = desk.submit("slow", Wish.ORDINARY.on(Lane.BATCH).throughTheBacklog(), 200, true);
        // Of twenty slots the two other lanes keep two each, however idle they are.
        await().atMost(JobDesk.PATIENCE).until(() -> simulator.stats().all().open() == 16);
        JobId urgent = desk.submit("urgent", Wish.ORDINARY.on(Lane.INTERACTIVE));
        desk.awaitState(urgent, "complete");
        assertThat(simulator.stats().all().open()).isEqualTo(16);
        simulator.script(Script.EMPTY);
        simulator.release();
        batch.forEach(job -> desk.awaitState(job, "complete"));
    }

    @Test
    void theJobsOfAWorkerThatIsGoneAreRescued() throws SQLException {
        JobId job = desk.submit("hello", Wish.ORDINARY, 1, false).getFirst();
        int gone = new WorkerLease(desk.database(), Duration.ofMinutes(1)).join("gone", 1);
        assertThat(store.claim(gone, List.of(job.uuid()))).hasSize(1);
        desk.lapse(gone);
        desk.awaitState(job, "complete");
        assertThat(desk.attempts(job)).isEqualTo("unknown answered");
        assertThat(desk.one("SELECT attempt FROM job_outcome WHERE job_id = ?", job))
                .isEqualTo("2");
    }
}
