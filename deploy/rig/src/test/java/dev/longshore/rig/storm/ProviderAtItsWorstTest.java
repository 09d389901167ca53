package dev.longshore.rig.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.rig.Client;
import dev.longshore.rig.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Three workers before one provider that has limits and goes through bad times.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class ProviderAtItsWorstTest {
    private static final int JOBS = 1_500;

    private Cluster cluster;

    @BeforeAll
    void start() throws IOException {
        cluster = Cluster.start(Storm.LAYOUT, null);
    }

    @AfterAll
    void close() throws IOException {
        cluster.close();
    }

    @BeforeEach
    void mend() {
        cluster.mend();
        cluster.simulator().reset();
    }

    private static void eventually(String what, Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(50))
                .alias(what)
                .until(condition);
    }

    private long open() {
        return cluster.simulator().stats().all().open();
    }

    @Test
    void everyJobComesThroughAStormWithinTheLimits() {
        Storm.Seen seen = new Storm(cluster).run(JOBS, 7, Duration.ZERO, Duration.ofMinutes(4), System.out);

        assertThat(seen.completed()).isEqualTo(JOBS);
        assertThat(seen.callsPerJob()).isLessThan(1.6);
        assertThat(seen.maxOpen()).isLessThanOrEqualTo(Storm.CONCURRENT);
        assertThat(seen.maxPerMinute()).isLessThanOrEqualTo(Storm.PER_MINUTE);
        assertThat(seen.brokenStreams()).as("streams that broke off").isGreaterThan(10);
        assertThat(seen.maxTrials()).as("trial calls of one opening").isLessThanOrEqualTo(1);
    }

    @Test
    void ofThreeWorkersOneMakesTheTrialCallOfAnOpenBreaker() {
        cluster.simulator().script("""
                {"models": {"sim-small": {"faults": [{"kind": "status", "status": 500}]}}}""");
        cluster.books().watchBreakers();
        for (int i = 0; i < 40; i++) {
            ObjectNode job = Client.chat("standard", "broken " + i);
            cluster.client().accepted(cluster.api(1), i % 2 == 0 ? Client.streamed(job) : job);
        }
        eventually(
                "the breaker opens", () -> cluster.books().breaker("sim-small").equals("open"));
        eventually("the calls from before have ended", () -> open() == 0);
        cluster.simulator().reset();
        cluster.simulator().script("""
                {"models": {"sim-small": {"faults": [{"kind": "broken_stream"}]}}}""");
        eventually(
                "trials fail, one after the other",
                () -> cluster.books().halfOpen().size() >= 2);
        assertThat(cluster.simulator().stats().all().maxOpen()).isEqualTo(1);
        eventually("the last of them has ended", () -> open() == 0);
        assertThat(cluster.simulator().stats().all().calls())
                .as("nobody calls but for a trial")
                .isLessThanOrEqualTo(cluster.books().halfOpen().size());
        cluster.simulator().script("""
                {"models": {"sim-small": {"faults": [{"kind": "hold"}]}}}""");
        eventually("the trial call is made", () -> open() == 1);
        assertThat(cluster.books().breaker("sim-small")).isEqualTo("half_open");
        Set<String> jobs = cluster.client().promised();

        // Whoever would make a second one had the time to: everybody looks at the board every second.
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> open() <= 1);
        cluster.simulator().script("{}");
        cluster.simulator().release();

        eventually("everything comes to its end", () -> cluster.areOver(jobs));
        assertThat(cluster.books().breaker("sim-small")).isEqualTo("closed");
        assertThat(cluster.books().outcomes(jobs))
                .allSatisfy(outcome -> assertThat(outcome.status()).isEqualTo("complete"));
    }

    @Test
    void theWorkersShareALimitAndNoneOfItLiesIdle() {
        // Long enough for a busy machine to have them all open at once, which may be over before it is looked at.
        cluster.simulator().script("""
                {"models": {"sim-small": {"latency": {"fixed_ms": 2500}}}}""");
        for (int i = 0; i < 300; i++) {
            cluster.client().accepted(cluster.api(1), Client.chat("standard", "shared " + i));
        }
        eventually(
                "all that is allowed is used",
                () -> cluster.simulator().stats().all().maxOpen() == Storm.CONCURRENT);
        Set<String> jobs = cluster.client().promised();
        eventually("everything ends", () -> cluster.areOver(jobs));
        assertThat(cluster.simulator().stats().all().maxOpen()).isEqualTo(Storm.CONCURRENT);
        assertThat(cluster.simulator().stats().all().calls())
                .as("nothing was called twice")
                .isEqualTo(300);
    }
}
