package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.lane.Lane;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The broker is the road and not the truth: killed under load or emptied, it costs time and no job.
@Timeout(180)
class BrokerLostTest extends Broken {
    @Test
    void killedUnderLoadItStopsNobodyFromSubmitting() {
        cluster.simulator().script(taking(100));
        var load = new Load(
                cluster.client(), () -> cluster.api(1), i -> Client.chat("standard", "over a broken road " + i));
        var submitted = load.submit(400, 4);
        eventually("there is load", () -> load.promised() >= 100);

        cluster.broker().kill();
        int promisedBefore = load.promised();
        eventually("jobs are accepted without a broker", () -> load.promised() >= promisedBefore + 100);
        String alone = cluster.client().accepted(cluster.api(1), Client.chat("batch", "accepted without a broker"));
        assertThat(cluster.api(1).saysReady()).isTrue();
        assertThat(cluster.broker().isAlive()).isFalse();
        cluster.startBroker().awaitReady();

        submitted.join();
        assertThat(load.refusals()).isEmpty();
        allIsWellInTheEnd();
        assertThat(cluster.client().promised()).hasSize(401).contains(alone);
    }

    @Test
    void emptiedLanesCostNoJob() throws Exception {
        // An API that has not seen the broker since it came back puts no ticket on the lanes.
        eventually("the API sees the lanes", () -> {
            cluster.client().accepted(cluster.api(1), Client.chat(Lane.STANDARD.word(), "look at the lanes"));
            return cluster.api(1).seesTheLanes();
        });
        eventually("those jobs are done", () -> cluster.books().runs().isEmpty());
        long before = calls();
        cluster.worker(1).process().kill();
        for (Lane lane : Lane.values()) {
            for (int i = 0; i < 20; i++) {
                cluster.client().accepted(cluster.api(1), Client.chat(lane.word(), "its ticket is deleted " + i));
            }
        }
        assertThat(cluster.books().runs())
                .hasSize(60)
                .allSatisfy(run -> assertThat(run.dispatched()).isTrue());
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers()))) {
            eventually("all tickets are on the lanes", () -> ticketsOn(admin) >= 60);
            deleteAll(admin);
            assertThat(ticketsOn(admin)).isZero();
        }

        cluster.worker(1).start();

        allIsWellInTheEnd();
        assertThat(calls()).isEqualTo(before + 60);
        assertThat(cluster.worker(1).counter("longshore_tickets_reissued_total"))
                .isEqualTo(60);
    }

    /// They are claimed while it is away, so that it cannot be told how far the lane has been read. The consumer keeps
    /// its place when the broker is back, and no ticket comes after them to tell it with.
    @Test
    void whatCouldNotBeAcknowledgedIsAcknowledgedWhenItIsBack() throws Exception {
        cluster.worker(1).process().kill();
        for (int i = 0; i < 40; i++) {
            cluster.client().accepted(cluster.api(1), Client.chat("batch", "claimed without a broker " + i));
        }
        try (Connection lock = cluster.database().connect()) {
            lock.setAutoCommit(false);
            try (PreparedStatement rows = lock.prepareStatement("SELECT FROM job_run FOR UPDATE")) {
                rows.executeQuery();
            }
            cluster.worker(1).start();
            eventually("their claim waits for us", () -> cluster.books().waitingForLocks("longshore-worker") > 0);
            cluster.broker().kill();
            lock.rollback();
        }
        eventually("a call is made without a broker", () -> calls() > 0);
        cluster.startBroker().awaitReady();

        allIsWellInTheEnd();
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers()))) {
            eventually("the lanes are known to have been read", () -> ticketsOn(admin) == 0);
        }
    }

    /// Records between the start and the end of each lane that nobody has read.
    private static long ticketsOn(Admin admin) throws Exception {
        long tickets = 0;
        var readings = new LaneOffsets(admin);
        for (Lane lane : Lane.values()) {
            tickets += readings.unread(lane);
        }
        return tickets;
    }

    private static void deleteAll(Admin admin) throws Exception {
        var before = new HashMap<TopicPartition, RecordsToDelete>();
        for (Lane lane : Lane.values()) {
            new LaneOffsets(admin)
                    .ends(lane)
                    .forEach((place, end) -> before.put(place, RecordsToDelete.beforeOffset(end)));
        }
        admin.deleteRecords(before).all().get(30, TimeUnit.SECONDS);
    }
}
