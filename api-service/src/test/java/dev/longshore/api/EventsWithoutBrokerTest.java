package dev.longshore.api;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.watch.JobWatch;
import dev.longshore.job.ClaimedJob;
import dev.longshore.testing.LongshoreServers;
import dev.longshore.testing.Patience;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nothing is heard while the broker is away; whoever follows a job learns of everything all the same, a little later.
@QuarkusTest
@WithTestResource(
        value = LongshoreServers.class,
        initArgs = {@ResourceArg(name = "database", value = "fresh"), @ResourceArg(name = "kafka", value = "away")})
class EventsWithoutBrokerTest {
    private final Api api = Api.operator();

    @Inject
    DataSource database;

    @Inject
    JobWatch watch;

    private FakeWorker worker;

    @BeforeEach
    void startAWorker() throws SQLException {
        worker = new FakeWorker(database);
    }

    @Test
    void readersAreToldOfEveryStep() throws SQLException {
        String id = api.chat();
        try (EventStream reader = EventStream.of(api, id).awaitTold("status queued")) {
            ClaimedJob claimed = worker.claim(id);
            reader.awaitTold("status queued", "status processing");
            worker.complete(claimed);
            reader.awaitTold("status queued", "status processing", "status complete", "result", "done")
                    .awaitEnd();
        }
    }

    @Test
    void whoeverWaitsIsAnswered() throws SQLException {
        String id = api.chat();
        var waiting = Api.later(() -> api.get("/v1/jobs/" + id + "?wait=60"));
        await().until(() -> watch.waiting() == 1);
        worker.complete(id);

        assertThat(waiting)
                .succeedsWithin(Patience.LONG)
                .satisfies(answer ->
                        assertThat(answer.json().path("status").asText()).isEqualTo("complete"));
    }

    @Test
    void readinessSaysSoAndStays() {
        try (EventStream reader = EventStream.of(api, api.chat()).awaitTold("status queued")) {
            await().until(() ->
                    api.get("/q/health/ready").body().replace(" ", "").contains("\"event_feed\":\"away\""));
            assertThat(api.get("/q/health/ready").status()).isEqualTo(200);
            assertThat(reader.ended()).isFalse();
        }
    }
}
