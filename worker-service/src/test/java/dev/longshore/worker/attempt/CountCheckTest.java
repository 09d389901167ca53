package dev.longshore.worker.attempt;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.testing.LongshoreServers;
import dev.longshore.worker.JobDesk;
import dev.longshore.worker.PaperProvider;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Our counts of tokens are held against the provider's and the difference is written down.
@QuarkusTest
@WithTestResource(LongshoreServers.class)
@WithTestResource(PaperProvider.class)
class CountCheckTest {
    @Inject
    JobDesk desk;

    @Test
    void callsThatAreAnsweredTellHowFarOurCountsAreOff() {
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            JobId job = desk.submitWithTicket("count me");
            desk.awaitState(job, "complete");
            assertThat(desk.one(
                            "SELECT coalesce(sum(samples), 0) > 0 FROM token_count_error WHERE model = 'sim-small'"))
                    .isEqualTo("t");
        });
    }
}
