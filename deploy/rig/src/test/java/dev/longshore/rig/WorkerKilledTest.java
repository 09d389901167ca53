package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.rig.Books.Attempt;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `kill -9` of a worker at every point of an attempt.
@Timeout(180)
class WorkerKilledTest extends Broken {
    @Test
    void beforeTheClaimNothingHasHappenedYet() {
        cluster.worker(1).process().kill();
        for (int i = 0; i < 40; i++) {
            cluster.client().accepted(cluster.api(1), Client.chat("standard", "waits on the lane " + i));
        }
        assertThat(cluster.books().runs())
                .hasSize(40)
                .allSatisfy(run -> assertThat(run.status()).isEqualTo("queued"))
                .allSatisfy(run -> assertThat(run.dispatched()).isTrue());

        cluster.worker(1).start();

        allIsWellInTheEnd();
        assertThat(calls()).isEqualTo(40);
    }

    @Test
    void duringTheCallTheJobIsRescuedWithinTheLeaseAndTheCallIsOfUnknownOutcome() {
        cluster.simulator().script(holding(10));
        for (int i = 0; i < 10; i++) {
            cluster.client().accepted(cluster.api(1), Client.chat("interactive", "killed during the call " + i));
        }
        eventually("all are called", () -> openCalls() == 10);
        cluster.worker(2).start();

        cluster.worker(1).process().kill();
        Instant killed = cluster.books().now();

        allIsWellInTheEnd();
        Set<String> jobs = cluster.client().promised();
        // Five seconds after the lease are promised; the rest is for machines that are busy elsewhere.
        assertThat(Duration.between(killed, cluster.books().lastRescue(jobs)))
                .isLessThanOrEqualTo(Cluster.LEASE.plusSeconds(20));
        assertThat(cluster.books().attempts(jobs).stream().filter(attempt -> attempt.epoch() == 1))
                .hasSize(10)
                .extracting(Attempt::outcome)
                .containsOnly("unknown");
        assertThat(cluster.books().attempts(jobs).stream().filter(attempt -> attempt.epoch() == 2))
                .hasSize(10)
                .extracting(Attempt::outcome)
                .containsOnly("answered");
        assertThat(calls()).isEqualTo(20);
    }

    @Test
    void afterTheAnswerButBeforeTheCommitTheAnswerIsLostAndTheCallIsRepeated() throws Exception {
        cluster.simulator().script(holding(1));
        String job = cluster.client().accepted(cluster.api(1), Client.chat("standard", "answered in vain"));
        eventually("it is called", () -> openCalls() == 1);
        // The job's row is locked by us, so the settling that follows the answer waits in the database.
        try (Connection lock = cluster.database().connect()) {
            lock.setAutoCommit(false);
            try (PreparedStatement row = lock.prepareStatement("SELECT FROM job_run WHERE job_id = ? FOR UPDATE")) {
                row.setObject(1, uuid(job));
                row.executeQuery();
            }
            cluster.simulator().release();
            eventually("the answer is being recorded", () -> cluster.books().waitingForLocks("longshore-worker") > 0);

            cluster.worker(1).process().kill();
            // PostgreSQL would not notice that its client is gone and commit when the lock is free.
            cluster.books().endThoseWaitingForLocks("longshore-worker");
            lock.rollback();
        }
        cluster.worker(2).start();

        allIsWellInTheEnd();
        assertThat(cluster.books().attempts(Set.of(job)))
                .extracting(Attempt::outcome)
                .containsExactly("unknown", "answered");
        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void afterTheAnswerWhileTheDatabaseIsFrozenTheJobEndsOnce() {
        cluster.simulator().script(holding(5));
        for (int i = 0; i < 5; i++) {
            cluster.client().accepted(cluster.api(1), Client.chat("standard", "answered to a frozen database " + i));
        }
        eventually("all are called", () -> openCalls() == 5);

        cluster.database().freeze();
        cluster.simulator().release();
        eventually("all are answered", () -> openCalls() == 0);
        cluster.worker(1).process().kill();
        cluster.database().thaw();
        cluster.worker(2).start();

        // Whether the last words of the dead worker had reached the database or not: both are one story.
        allIsWellInTheEnd();
        assertThat(calls()).isBetween(5L, 10L);
    }

    @Test
    void againAndAgainUnderLoadNothingIsLostOrDoubled() {
        cluster.simulator().script(taking(200));
        cluster.worker(2).start();
        var load = new Load(
                cluster.client(), () -> cluster.api(1), i -> Client.chat("standard", "under load and under fire " + i));
        var submitted = load.submit(500, 8);
        int victim = 1;
        for (int killAt = 100; killAt <= 400; killAt += 100) {
            int reached = killAt;
            eventually(reached + " calls are made", () -> calls() >= reached);
            cluster.worker(victim).process().kill();
            cluster.worker(victim).begin(Map.of());
            victim = 3 - victim;
        }
        submitted.join();

        allIsWellInTheEnd();
        assertThat(cluster.client().promised()).hasSize(500);
        assertThat(calls()).isGreaterThanOrEqualTo(500);
    }

    private static UUID uuid(String job) {
        return JobId.parse(job).orElseThrow().uuid();
    }
}
