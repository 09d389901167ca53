package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.rig.Books.Attempt;
import dev.longshore.simulator.Call;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `SIGSTOP` of the database for longer than the lease: connections stay open, and nobody can renew anything.
@Timeout(120)
class DatabaseFrozenTest extends Broken {
    @Test
    void aWorkerThatCannotRenewItsLeaseStopsItsOwnCalls() {
        cluster.simulator().script(holding(10));
        for (int i = 0; i < 10; i++) {
            cluster.client().accepted(cluster.api(1), Client.chat("standard", "its lease runs out " + i));
        }
        eventually("all are called", () -> openCalls() == 10);
        Set<String> jobs = cluster.client().promised();

        cluster.database().freeze();
        eventually("the worker has given up all calls by itself", () -> openCalls() == 0);
        assertThat(cluster.simulator().calls()).allMatch(Call::aborted);
        cluster.database().thaw();

        allIsWellInTheEnd();
        assertThat(cluster.books().outcomes(jobs))
                .hasSize(10)
                .allSatisfy(outcome -> assertThat(outcome.status()).isEqualTo("complete"));
        // Either it said itself that it had stopped them, or somebody else found them without an owner.
        assertThat(cluster.books().attempts(jobs).stream().filter(attempt -> attempt.epoch() == 1))
                .hasSize(10)
                .extracting(Attempt::outcome)
                .isSubsetOf("interrupted", "unknown");
    }
}
