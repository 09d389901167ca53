package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.rig.Books.Attempt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `kill -9` of the postmaster: nothing is promised that is not committed, and nothing that was
/// committed is lost.
@Timeout(180)
class DatabaseKilledTest extends Broken {
    @Test
    void duringTheOutageNothingIsPromisedAndAfterItEverythingPromisedIsDone() throws Exception {
        cluster.simulator().script(taking(100));
        var load = new Load(
                cluster.client(), () -> cluster.api(1), i -> Client.chat("standard", "through an outage " + i));
        var submitted = load.submit(400, 4);
        eventually("there is load", () -> load.promised() >= 100);

        cluster.database().kill();
        eventually("callers are refused", () -> !load.refusals().isEmpty());
        eventually("readiness falls", () -> !cluster.api(1).saysReady());
        Client.Answer refused = cluster.client().submit(cluster.api(1), Client.chat("standard", "refused"), null);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.errorCode()).isEqualTo("UNAVAILABLE");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        cluster.database().start();

        eventually("readiness comes back", () -> cluster.api(1).saysReady());
        submitted.join();
        assertThat(load.refusals().keySet()).containsOnly("503 UNAVAILABLE");
        assertThat(cluster.client().promised()).hasSize(400);
        allIsWellInTheEnd();
        assertThat(cluster.books().outcomes(cluster.client().promised()))
                .allSatisfy(outcome -> assertThat(outcome.status()).isEqualTo("complete"));
    }

    @Test
    void whoeverIsStartedDuringTheOutageWaitsForItsEnd() {
        Member api = cluster.api(1).process();
        Member worker = cluster.worker(1).process();
        api.kill();
        worker.kill();
        cluster.database().kill();
        long before = complaints(api) + complaints(worker);

        cluster.api(1).begin(Map.of());
        cluster.worker(1).begin(Map.of());
        eventually(
                "both have met the outage",
                () -> complaints(api) > 0
                        && complaints(worker) > 0
                        && complaints(api) + complaints(worker) >= before + 2);
        cluster.database().start();

        api.awaitReady();
        worker.awaitReady();
        cluster.client().accepted(cluster.api(1), Client.chat("standard", "after a late start"));
        allIsWellInTheEnd();
    }

    /// How often it said that it will try to reach the database again.
    private static long complaints(Member member) {
        return member.words()
                .lines()
                .filter(line -> line.contains("Retrying in"))
                .count();
    }

    @Test
    void answersThatComeDuringTheOutageAreKept() throws Exception {
        // The default lease outlasts a restart of the database on any machine.
        cluster.worker(1).process().kill();
        cluster.worker(1).begin(Map.of("LONGSHORE_WORKER_LEASE", "20s")).awaitReady();
        cluster.simulator().script(holding(20));
        for (int i = 0; i < 20; i++) {
            cluster.client().accepted(cluster.api(1), Client.chat("standard", "answered during an outage " + i));
        }
        eventually("all are called", () -> openCalls() == 20);

        assertThat(statusesOfManyReads())
                .as("every session that the API may have is open")
                .containsOnly(200);

        cluster.database().kill();
        cluster.simulator().release();
        eventually("all are answered", () -> openCalls() == 0);
        cluster.database().start();
        assertThat(statusesOfManyReads())
                .as("sessions that died with the database are given to nobody")
                .containsOnly(200);

        allIsWellInTheEnd();
        Set<String> jobs = new HashSet<>(cluster.client().promised());
        assertThat(cluster.books().attempts(jobs))
                .hasSize(20)
                .extracting(Attempt::outcome)
                .containsOnly("answered");
        assertThat(calls()).isEqualTo(20);
    }

    private List<Integer> statusesOfManyReads() throws Exception {
        List<Callable<Integer>> reads = new ArrayList<>();
        for (String job : cluster.client().promised()) {
            for (int i = 0; i < 10; i++) {
                reads.add(() ->
                        cluster.client().get(cluster.api(1), "/v1/jobs/" + job).status());
            }
        }
        List<Integer> statuses = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> status : executor.invokeAll(reads)) {
                statuses.add(status.get());
            }
        }
        return statuses;
    }
}
