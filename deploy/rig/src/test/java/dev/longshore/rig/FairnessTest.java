package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.simulator.Call;
import dev.longshore.simulator.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A tenant with a great backlog delays nobody else on its lane by more than the lane's window.
@Timeout(240)
class FairnessTest extends Broken {
    private static final int BACKLOG = 6_000;
    private static final int SLOTS = 20;

    @Test
    void oneJobOfAnotherTenantIsBegunAfterAtMostAWindowOfTheGreatTenantsJobs() throws Exception {
        cluster.worker(1).process().kill();
        Client great = cluster.client();
        Client small = newTenant("small");
        new Load(great, () -> cluster.api(1), i -> Client.chat("batch", "one of very many " + i))
                .submit(BACKLOG, 32)
                .join();
        cluster.simulator().script(taking(20));
        cluster.worker(1)
                .begin(Map.of("LONGSHORE_WORKER_SLOTS", Integer.toString(SLOTS)))
                .awaitReady();
        eventually("the great tenant's jobs are flowing", () -> calls() >= 500);

        String single = small.accepted(cluster.api(1), Client.chat("batch", "the only one"));
        long before = calls();
        eventually("the small tenant's job is done", () -> cluster.books().over(Set.of(single)) == 1);
        long place = cluster.simulator().calls().stream()
                .filter(call -> single.equals(call.jobId()))
                .mapToLong(Call::number)
                .min()
                .orElseThrow();
        // What was on the lane may go first, and what has its slot already.
        assertThat(place - before).isLessThanOrEqualTo(Cluster.BATCH_WINDOW + SLOTS);
        assertThat(cluster.books().live()).as("the great tenant still waits").isGreaterThan(BACKLOG / 2);

        // A wide window for the rest, which nobody waits for.
        cluster.simulator().script(Script.EMPTY);
        cluster.worker(1).process().kill();
        cluster.worker(1).begin(Map.of("LONGSHORE_LANES_BATCH_WINDOW", "2000"));
        within(Duration.ofMinutes(2)).until(() -> cluster.books().live() == 0);
        allIsWellInTheEnd();
        assertThat(cluster.audit().violations(List.of(single))).isEmpty();
    }

    private Client newTenant(String name) throws Exception {
        JsonNode tenant = created("/v1/admin/tenants", "{\"name\": \"%s\"}".formatted(name));
        JsonNode key = created(
                "/v1/admin/tenants/" + tenant.path("id").asText() + "/api-keys",
                "{\"name\": \"rig\", \"scopes\": [\"jobs\"]}");
        return cluster.client(key.path("key").asText());
    }

    private JsonNode created(String path, String json) throws Exception {
        Client.Answer answer = cluster.client().post(cluster.api(1), path, json);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return answer.body();
    }
}
