package dev.longshore.api;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.Api.Answer;
import dev.longshore.testing.LongshoreServers;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A lane that may hold five jobs (one that no other test uses, since the broker is shared), and a
/// window in which the same body makes the same job.
@QuarkusTest
@TestProfile(Narrow.class)
@WithTestResource(value = LongshoreServers.class, initArgs = @ResourceArg(name = "database", value = "fresh"))
class FullLaneTest {
    private final Api api = Api.operator();

    private static final int LIMIT = 5;

    private Answer submit(int number) {
        return api.submit(Bodies.chat(",\"lane\":\"interactive\",\"labels\":{\"i\":\"" + number + "\"}"));
    }

    @Test
    void aFullLaneRefusesEveryPostUntilItDrains() {
        List<String> accepted = new ArrayList<>();
        Answer last = submit(0);
        while (last.status() == 202) {
            accepted.add(last.jobId());
            // A job that is being written while the lane is counted may be counted twice, and nobody is refused for
            // that: one such job in the backlog and one on the road are what callers one after another can make.
            assertThat(accepted).hasSizeLessThanOrEqualTo(LIMIT + 2);
            last = submit(accepted.size());
        }
        assertThat(accepted).hasSizeGreaterThanOrEqualTo(LIMIT);
        for (int i = 5; i < 10; i++) {
            Answer full = submit(100 + i);
            assertThat(full.status()).as(full.body()).isEqualTo(429);
            assertThat(full.code()).isEqualTo("QUEUE_FULL");
            assertThat(full.header("Retry-After")).isNotBlank();
            assertThat(full.header("x-should-retry")).isNull();
            assertThat(full.json().at("/error/retryable").asBoolean()).isTrue();
        }
        assertThat(api.submit(Bodies.chat(",\"lane\":\"standard\"")).status()).isEqualTo(202);
        // What is cancelled in the backlog is gone at once; only a ticket stays on the lane until a
        // worker reads it.
        accepted.forEach(id -> api.post("/v1/jobs/" + id + "/cancel", ""));
        await().until(() -> api.submit(Bodies.chat(",\"lane\":\"interactive\",\"labels\":{\"i\":\"drained\"}"))
                        .status()
                == 202);
    }

    @Test
    void theSameBodyWithoutAKeyMakesOneJobInTheWindow() {
        Answer first = api.submit(Bodies.chat(",\"priority\":5"));
        Answer again = api.submit(Bodies.chat(",\"priority\":5"));
        Answer other = api.submit(Bodies.chat(",\"priority\":6"));

        assertThat(first.status()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.jobId()).isEqualTo(first.jobId());
        assertThat(other.jobId()).isNotEqualTo(first.jobId());
    }

    @Test
    void theLanesCountIsSeen() {
        await().until(() -> api.get("/q/health/ready").body().contains("\"kafka\": \"up\""));
    }
}
