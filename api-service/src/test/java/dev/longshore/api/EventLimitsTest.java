package dev.longshore.api;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.Api.Answer;
import dev.longshore.api.watch.OpenReaders;
import dev.longshore.job.ClaimedJob;
import dev.longshore.road.EventRelay;
import dev.longshore.road.EventSender;
import dev.longshore.testing.LongshoreServers;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// What readers of events may cost, with less of everything than usual.
@QuarkusTest
@TestProfile(Narrow.class)
@WithTestResource(value = LongshoreServers.class, initArgs = @ResourceArg(name = "database", value = "fresh"))
@TestMethodOrder(OrderAnnotation.class)
class EventLimitsTest {
    private final Api api = Api.operator();

    @Inject
    DataSource database;

    @Inject
    EventRelay relay;

    @Inject
    OpenReaders readers;

    @Inject
    Producer<byte[], byte[]> producer;

    /// One like no other: the same body would make the same job.
    private static String chat(Api owner) {
        Answer answer = owner.submit(Bodies.chat(",\"labels\":{\"reader\":\"" + UUID.randomUUID() + "\"}"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.jobId();
    }

    /// The framework would close a connection on which nothing moves for two seconds.
    @Test
    @Order(1)
    void heartbeatsKeepAQuietStreamOpen() {
        try (EventStream reader = EventStream.of(api, chat(api)).awaitTold("status queued")) {
            await().until(() -> reader.comments().size() > 15);
            assertThat(reader.comments()).containsOnly(":");
            assertThat(reader.ended()).isFalse();
        }
    }

    @Test
    @Order(2)
    void thereIsRoomForSoMany() {
        Api other = Api.ofNewTenant();
        String id = chat(api);
        String theirs = chat(other);
        try (EventStream one = EventStream.of(api, id);
                EventStream two = EventStream.of(api, id)) {
            one.awaitTold("status queued");
            two.awaitTold("status queued");
            Answer more = api.get("/v1/jobs/" + id + "/events");
            assertThat(more.status()).isEqualTo(429);
            assertThat(more.code()).isEqualTo("RATE_LIMITED");
            assertThat(more.header("Retry-After")).isEqualTo("5");
            assertThat(more.json().at("/error/details/limit").asText()).isEqualTo("events.readers-per-tenant");
            try (EventStream three = EventStream.of(other, theirs).awaitTold("status queued")) {
                Answer full = other.get("/v1/jobs/" + theirs + "/events");
                assertThat(full.status()).isEqualTo(503);
                assertThat(full.code()).isEqualTo("UNAVAILABLE");
                assertThat(full.header("Retry-After")).isEqualTo("5");
                assertThat(three.ended()).isFalse();
            }
        }
        // Refusals take no room, and who leaves makes some.
        await().until(() -> readers.count() == 0);
        try (EventStream again = EventStream.of(api, id).awaitTold("status queued")) {
            assertThat(readers.count()).isEqualTo(1);
            assertThat(again.ended()).isFalse();
        }
        await().until(() -> readers.count() == 0);
    }

    @Test
    @Order(3)
    void whoDoesNotReadIsCutOffAndOthersAreNot() throws IOException, SQLException {
        FakeWorker worker = new FakeWorker(database, relay);
        String id = chat(api);
        ClaimedJob claimed = worker.claim(id);
        EventSender voice = new EventSender(producer);
        String text = "x".repeat(32 * 1024);
        AtomicInteger count = new AtomicInteger();
        double cutBefore = metric("longshore_events_readers_cut_total");
        try (Socket lazy = new Socket("127.0.0.1", Api.uri("/").getPort());
                EventStream eager = EventStream.of(api, id).awaitTold("status queued", "status processing")) {
            lazy.getOutputStream()
                    .write(("GET /v1/jobs/" + id + "/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + api.key()
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> readers.count() == 2);
            // Its socket takes some megabytes before anything is held here.
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        voice.token("default", claimed.id(), 1, count.incrementAndGet(), text, Instant.now());
                        return metric("longshore_events_readers_cut_total") > cutBefore;
                    });
            await().until(() -> readers.count() == 1);
            await().until(() -> readers.behind() < 1 << 20);

            worker.complete(claimed);
            eager.awaitEnd();
            assertThat(eager.text()).hasSize(count.get() * text.length());
            // Whoever does read in the end finds out what has happened, and no half event.
            String seen = new String(rest(lazy.getInputStream()), StandardCharsets.UTF_8);
            assertThat(seen).contains("\n: closed, too slow").doesNotContain("event: done");
            assertThat(seen.substring(seen.lastIndexOf("\n: closed"))).doesNotContain("\n\n");
        }
    }

    private static byte[] rest(InputStream in) throws IOException {
        return in.readAllBytes();
    }

    /// The last test: nobody is let in afterwards.
    @Test
    @Order(4)
    void whenTheServerStopsReadersAreSentElsewhere() {
        String id = chat(api);
        try (EventStream reader = EventStream.of(api, id).awaitTold("status queued")) {
            readers.close();
            reader.awaitEnd();
            assertThat(reader.comments().getLast()).startsWith(": closed, the server stops");
            assertThat(reader.told()).containsExactly("status queued");
        }
        Answer refused = api.get("/v1/jobs/" + id + "/events");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isEqualTo("5");
        await().until(() -> readers.count() == 0);
    }

    private double metric(String name) {
        return api.get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
