package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.rig.Books.Attempt;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `SIGSTOP` of a worker for longer than its lease: it comes back believing that the jobs are still its own.
@Timeout(180)
class WorkerFrozenTest extends Broken {
    @Test
    void whatItWritesAfterItsLeaseChangesNothingAndItWorksAgain() {
        Service frozen = cluster.worker(1);
        cluster.simulator().script(holding(10));
        for (int i = 0; i < 10; i++) {
            cluster.client().accepted(cluster.api(1), Client.chat("standard", "frozen " + i));
        }
        eventually("all are called", () -> openCalls() == 10);
        cluster.worker(2).start();
        Set<String> jobs = cluster.client().promised();
        int before = cluster.books().memberships(frozen.process()).getLast();

        frozen.process().freeze();
        eventually("the second worker has done all of it", () -> cluster.areOver(jobs));
        List<Books.Outcome> outcomes = cluster.books().outcomes(jobs);
        List<Attempt> attempts = cluster.books().attempts(jobs);
        assertThat(attempts.stream().filter(attempt -> attempt.workerId() == before))
                .hasSize(10)
                .extracting(Attempt::outcome)
                .containsOnly("unknown");

        // The answers lie in its sockets when it wakes up.
        cluster.simulator().release();
        frozen.process().thaw();
        eventually("it has tried to record all of them", () -> frozen.counter("longshore_attempt_fenced_total") == 10);
        eventually(
                "it has joined anew",
                () -> cluster.books().memberships(frozen.process()).getLast() > before);
        assertThat(cluster.books().outcomes(jobs)).isEqualTo(outcomes);
        assertThat(cluster.books().attempts(jobs)).isEqualTo(attempts);

        cluster.worker(2).process().askToEnd();
        cluster.worker(2).process().awaitEnd();
        String late = cluster.client().accepted(cluster.api(1), Client.chat("standard", "for the one that was frozen"));
        allIsWellInTheEnd();
        assertThat(cluster.books().attempts(Set.of(late)))
                .extracting(Attempt::workerId)
                .isSubsetOf(cluster.books().memberships(frozen.process()));
    }
}
