package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `SIGTERM` of a worker: it drains.
@Timeout(120)
class WorkerStoppedTest extends Broken {
    private static final int ENDED_BY_SIGTERM = 143;

    @Test
    void callsThatEndInTimeAreKeptAndTheOthersAreHandedBackUnharmed() throws Exception {
        cluster.simulator().script(holding(10));
        for (int i = 0; i < 10; i++) {
            cluster.client().accepted(cluster.api(1), Client.chat("standard", "drained " + i));
        }
        eventually("all are called", () -> openCalls() == 10);
        cluster.worker(2).start();
        Set<String> jobs = cluster.client().promised();

        Member draining = cluster.worker(1).process();
        draining.askToEnd();
        eventually("it drains", () -> cluster.books().drains(draining));
        cluster.simulator().release("sim-small", 5);
        eventually("the answered ones are kept", () -> cluster.books().over(jobs) == 5);
        assertThat(draining.awaitEnd()).isIn(0, ENDED_BY_SIGTERM);

        allIsWellInTheEnd();
        assertThat(cluster.books().notes("handed_back", jobs)).isEqualTo(5);
        assertThat(cluster.books().notes("rescued", jobs)).isZero();
        // Handing back costs the job nothing: every one of them completed as its first attempt.
        assertThat(cluster.books().outcomes(jobs))
                .hasSize(10)
                .allSatisfy(outcome -> assertThat(outcome.status()).isEqualTo("complete"))
                .allSatisfy(outcome -> assertThat(outcome.attempt()).isEqualTo(1));
        for (String job : jobs) {
            assertThat(cluster.client()
                            .get(cluster.api(1), "/v1/jobs/" + job)
                            .body()
                            .path("attempt")
                            .asInt())
                    .isEqualTo(1);
        }
    }
}
