package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.simulator.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `kill -9` of an API: between its commit and the tickets that were to follow it, and among its callers.
@Timeout(120)
class ApiKilledTest extends Broken {
    /// A broker that does not answer is sent five requests; the tickets of all further jobs stay in the
    /// API's memory.
    private static final int JOBS = 30;

    @Test
    void jobsWhoseTicketsDiedWithItAreFoundAndDone() {
        // Its tickets are on the road, so the API knows the broker well before it falls silent.
        cluster.client().accepted(cluster.api(1), Client.chat("standard", "before"));
        allIsWellInTheEnd();

        cluster.broker().freeze();
        for (int i = 0; i < JOBS; i++) {
            cluster.client().accepted(cluster.api(1), Client.chat("standard", "without a ticket " + i));
        }
        cluster.api(1).process().kill();
        assertThat(cluster.books().runs())
                .as("the database believes that all tickets are on the road")
                .hasSize(JOBS)
                .allSatisfy(run -> assertThat(run.dispatched()).isTrue());
        cluster.broker().thaw();
        cluster.api(1).start();

        allIsWellInTheEnd();
        assertThat(cluster.client().promised()).hasSize(JOBS + 1);
        assertThat(cluster.worker(1).counter("longshore_tickets_reissued_total"))
                .as("tickets that were never sent and are sent now")
                .isGreaterThanOrEqualTo(JOBS - 5);
    }

    @Test
    void callersWhoAskAgainWithTheirKeyGetOneJobEach() {
        cluster.simulator().script(taking(50));
        var load = new Load(
                cluster.client(), () -> cluster.api(1), i -> Client.chat("standard", "through a dying door " + i));
        var submitted = load.submit(400, 8);
        for (int killAt = 100; killAt <= 200; killAt += 100) {
            int reached = killAt;
            eventually(reached + " jobs are promised", () -> load.promised() >= reached);
            cluster.api(1).process().kill();
            cluster.api(1).start();
        }
        submitted.join();

        allIsWellInTheEnd();
        assertThat(load.refusals()).containsKey("no answer");
        assertThat(cluster.client().promised()).hasSize(400);
        assertThat(cluster.simulator().calls())
                .as("no job was done that nobody was promised")
                .extracting(Call::jobId)
                .isSubsetOf(cluster.client().promised());
    }
}
