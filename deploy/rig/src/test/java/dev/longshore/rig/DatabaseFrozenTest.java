package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.rig.Books.Attempt;
import dev.longshore.simulator.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `SIGSTOP` of the database for longer than the lease: connections stay open, and nobody can renew anything.
@Timeout(120)
class DatabaseFrozenTest extends Broken {
    @Test
    void aWorkerThatCannotRenewItsLeaseStopsItsOwnCallsAndThenNoMore() {
        Member worker = cluster.worker(1).process();
        cluster.simulator().script(holding(20));
        for (int i = 0; i < 10; i++) {
            cluster.client().accepted(cluster.api(1), Client.chat("standard", "its lease runs out " + i));
        }
        eventually("all are called", () -> openCalls() == 10);
        Set<String> jobs = cluster.client().promised();

        cluster.database().freeze();
        eventually("the worker has given up all calls by itself", () -> openCalls() == 0);
        assertThat(cluster.simulator().calls()).hasSize(10).allMatch(Call::aborted);
        cluster.database().thaw();

        Instant thawed = cluster.books().now();
        eventually("all are called again", () -> openCalls() == 10);
        eventually(
                "it is long past the outage",
                () -> cluster.books().lastBeat(worker).isAfter(thawed.plus(Cluster.LEASE)));
        cluster.simulator().release();
        allIsWellInTheEnd();
        assertThat(calls()).as("no call was given up after the outage").isEqualTo(20);
        // Either the worker said itself that it had stopped them, or somebody else found them without an
        // owner.
        assertThat(cluster.books().attempts(jobs).stream().filter(attempt -> attempt.epoch() == 1))
                .hasSize(10)
                .extracting(Attempt::outcome)
                .isSubsetOf("interrupted", "unknown");
        assertThat(cluster.books().attempts(jobs).stream().filter(attempt -> attempt.epoch() == 2))
                .hasSize(10)
                .extracting(Attempt::outcome)
                .containsOnly("answered");
    }

    @Test
    void whatTheApiMeasuresOfItsLanesIsTrueAgainSoonAfter() {
        cluster.simulator().script(holding(1_000));
        Load load = new Load(cluster.client(), () -> cluster.api(1), i -> Client.chat("batch", "counted in vain " + i));
        load.submit(300, 4).join();
        eventually("there is a backlog", () -> cluster.api(1).counter("longshore_lane_backlog") > 0);
        cluster.database().freeze();
        // Each look counts, and this count takes as long as the database is away.
        eventually(
                "calls are given up, so it was away for most of a lease",
                () -> cluster.api(1).counter("longshore_lane_backlog") >= 0 && openCalls() == 0);
        cluster.database().thaw();
        cluster.simulator().script(taking(1));
        cluster.simulator().release();

        allIsWellInTheEnd();
        within(Duration.ofSeconds(30))
                .alias("nothing is measured where nothing is")
                .until(() -> cluster.api(1).counter("longshore_lane_backlog") == 0
                        && cluster.api(1).counter("longshore_lane_depth") == 0);
    }
}
