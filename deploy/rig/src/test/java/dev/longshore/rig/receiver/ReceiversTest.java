package dev.longshore.rig.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longshore.rig.proof.Heard;
import dev.longshore.rig.proof.Role;
import dev.longshore.settings.NameServer;
import dev.longshore.webhook.DnsNames;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ReceiversTest {
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final PaperNameServer names = new PaperNameServer();
    private final Receivers receivers = new Receivers(InstantSource.fixed(NOW), names);
    private final Receiver receiver = receivers.receiver(Receivers.FICKLE.getFirst());
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    @AfterEach
    void stop() {
        client.shutdownNow();
        receivers.close();
        names.close();
    }

    @Test
    void everythingThatIsSaidIsHeard() throws Exception {
        assertThat(post("jobs", "hello", LONG, BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
        receiver.mood(Mood.BROKEN);
        post("jobs", "hello", LONG, BodyHandlers.ofString());

        assertThat(receivers.heard()).extracting(Heard::answered).containsExactly(200, 500);
        assertThat(receivers.heard()).allSatisfy(heard -> {
            assertThat(heard.at()).isEqualTo(NOW.toEpochMilli());
            assertThat(heard.address()).isEqualTo(receiver.address("jobs"));
            assertThat(heard.id()).isEqualTo("evt_1");
            assertThat(heard.timestamp()).isEqualTo("1795248000");
            assertThat(heard.signatures()).isEqualTo("v1,abc v1a,def");
            assertThat(new String(heard.body(), StandardCharsets.UTF_8)).isEqualTo("hello");
        });
        assertThat(receivers.roles()).containsEntry(receiver.origin(), Role.AT_TIMES_UNWELL);
    }

    @Test
    void whoeverSaysNothingOfItselfIsHeardToo() throws Exception {
        client.send(
                HttpRequest.newBuilder(URI.create(receiver.address("jobs")))
                        .GET()
                        .build(),
                BodyHandlers.discarding());
        assertThat(receivers.heard())
                .singleElement()
                .satisfies(heard -> assertThat(heard.id() + heard.timestamp() + heard.signatures())
                        .isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"BROKEN,500,", "GONE,410,", "BUSY,429,2", "AWAY,503,2"})
    void itRefuses(Mood mood, int status, String retryAfter) throws Exception {
        receiver.mood(mood);
        HttpResponse<String> answer = post("jobs", "x", LONG, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Retry-After").orElse(null)).isEqualTo(retryAfter);
    }

    @Test
    void itSendsPeopleElsewhereInEveryWay() throws Exception {
        receiver.mood(Mood.REDIRECTING);
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            HttpResponse<Void> answer = post("jobs", "x", LONG, BodyHandlers.discarding());
            statuses.add(answer.statusCode());
            String location = answer.headers().firstValue("Location").orElseThrow();
            assertThat(location).doesNotContain(receiver.origin());
            assertThat(receivers.roles().get(location.substring(0, location.indexOf('/', "http://".length()))))
                    .isEqualTo(Role.ELSEWHERE);
        }
        assertThat(statuses).containsExactlyInAnyOrder(301, 302, 303, 307, 308);
        assertThat(receivers.heard()).extracting(Heard::answered).isEqualTo(statuses);
    }

    @ParameterizedTest
    @EnumSource(names = {"SILENT", "RESETTING"})
    void itHearsAndDoesNotAnswer(Mood mood) {
        receiver.mood(mood);
        var answer = client.sendAsync(request("jobs", "x", LONG), BodyHandlers.discarding());
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(receivers.heard())
                        .extracting(Heard::answered)
                        .isNotEmpty()
                        .containsOnly(0));
        assertThat(answer).failsWithin(SHORT);
    }

    @Test
    void itTakesItsTime() throws Exception {
        receiver.mood(Mood.SLOW);
        assertThatThrownBy(() -> post("jobs", "x", SHORT, BodyHandlers.discarding()))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(post("jobs", "x", LONG, BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
    }

    /// Through the doors that a worker uses.
    @Test
    void theNameOfOneComesToStandForTheInside() throws Exception {
        URI moving = URI.create(receivers.receiver(Receivers.MOVING).address("jobs"));
        int colon = names.address().lastIndexOf(':');
        try (DnsNames worker = new DnsNames(List.of(new NameServer(
                InetAddress.ofLiteral(names.address().substring(0, colon)),
                Integer.parseInt(names.address().substring(colon + 1)))))) {
            assertThat(worker.addressesOf(moving.getHost())).containsExactly(InetAddress.ofLiteral("127.0.0.1"));

            receivers.rebind();
            Set<List<InetAddress>> seen = new HashSet<>();
            await().atMost(LONG).until(() -> {
                seen.add(worker.addressesOf(moving.getHost()));
                return seen.size() == 3;
            });
            assertThat(seen)
                    .anySatisfy(answer -> assertThat(answer).containsExactly(InetAddress.ofLiteral("127.0.0.2")));
            receivers.unname();
            assertThatExceptionOfType(UnknownHostException.class)
                    .isThrownBy(() -> worker.addressesOf(moving.getHost()));
            receivers.settle();
            // That there was no such name is kept for a moment.
            await().atMost(LONG)
                    .ignoreException(UnknownHostException.class)
                    .until(
                            () -> worker.addressesOf(moving.getHost()),
                            List.of(InetAddress.ofLiteral("127.0.0.1"))::equals);
        }
        // Whoever goes where the name must not lead is heard.
        client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.2:" + moving.getPort() + "/jobs"))
                        .GET()
                        .build(),
                BodyHandlers.discarding());
        assertThat(receivers.heard())
                .singleElement()
                .satisfies(heard -> assertThat(receivers.roles())
                        .containsEntry(heard.address().replace("/jobs", ""), Role.ELSEWHERE));
    }

    @Test
    void itBeginsToAnswerAndGoesNoFurther() throws Exception {
        receiver.mood(Mood.HANGING);
        HttpResponse<InputStream> answer = post("jobs", "x", LONG, BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        InputStream body = answer.body();
        assertThat(body.read()).isEqualTo(' ');
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                body.read();
            } catch (IOException _) {
                // The client leaves in the end.
            }
        });
        assertThat(reader.join(SHORT)).isFalse();
    }

    @Test
    void itDoesNotStopTalkingUntilNobodyListens() throws Exception {
        receiver.mood(Mood.ENDLESS);
        HttpResponse<InputStream> answer = post("jobs", "x", LONG, BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            assertThat(body.skip(5_000_000)).isEqualTo(5_000_000);
        }
        receiver.mood(Mood.WELL);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                post("jobs", "x", LONG, BodyHandlers.ofString()).body())
                        .isEqualTo("thank you"));
    }

    private <T> HttpResponse<T> post(String what, String body, Duration patience, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return client.send(request(what, body, patience), handler);
    }

    private HttpRequest request(String what, String body, Duration patience) {
        return HttpRequest.newBuilder(URI.create(receiver.address(what)))
                .timeout(patience)
                .header("webhook-id", "evt_1")
                .header("webhook-timestamp", "1795248000")
                .header("webhook-signature", "v1,abc v1a,def")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
