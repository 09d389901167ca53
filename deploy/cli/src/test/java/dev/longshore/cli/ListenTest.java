package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longshore.cli.job.Json;
import dev.longshore.webhook.Signature;
import dev.longshore.webhook.SigningSecret;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The receiver of webhooks, called by somebody who signs as the server does.
@Timeout(120)
class ListenTest {
    private static final Pattern LISTENING = Pattern.compile("Listening at (http://127\\.0\\.0\\.1:[0-9]+/);");
    private static final String EVENT =
            "{\"id\":\"evt_1\",\"type\":\"job.complete\",\"timestamp\":\"2026-11-21T08:00:00.000Z\",\"data\":"
                    + Jobs.complete("x") + "}";

    private final SigningSecret secret = SigningSecret.create(new SecureRandom());
    private final SigningSecret other = SigningSecret.create(new SecureRandom());
    private final FakeServer server = new FakeServer();
    private final Desk desk = Desk.at(server);
    private final HttpClient http = HttpClient.newHttpClient();
    private CompletableFuture<Desk.Outcome> listening;

    @AfterEach
    void close() throws Exception {
        if (listening != null) {
            desk.interrupt();
            listening.get(30, TimeUnit.SECONDS);
        }
        http.close();
        server.close();
    }

    private String listen(String... words) {
        listening = desk.start(words);
        await().atMost(Desk.PATIENCE).until(() -> LISTENING.matcher(desk.err()).find() || listening.isDone());
        Matcher said = LISTENING.matcher(desk.err());
        assertThat(said.find()).as(desk.err()).isTrue();
        await().atMost(Desk.PATIENCE).until(desk::isInterruptible);
        return said.group(1);
    }

    private int send(String url, String id, Instant at, String signature, String body) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(url + "any/path"))
                                .header("webhook-id", id)
                                .header("webhook-timestamp", Long.toString(at.getEpochSecond()))
                                .header("webhook-signature", signature)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private int sendSigned(String url, String id, Instant at, SigningSecret by) throws Exception {
        return send(url, id, at, Signature.of(id, at, EVENT.getBytes(StandardCharsets.UTF_8), List.of(by)), EVENT);
    }

    @Test
    void whatIsSignedIsPrintedAndWhatIsNotIsRefused() throws Exception {
        String url = listen("webhooks", "listen", "--secret", secret.shared().reveal());

        assertThat(sendSigned(url, "evt_1", Desk.NOW, secret)).isEqualTo(204);
        assertThat(sendSigned(url, "evt_1", Desk.NOW, secret)).isEqualTo(204);
        assertThat(sendSigned(url, "evt_2", Desk.NOW, other)).isEqualTo(401);
        assertThat(send(
                        url,
                        "evt_3",
                        Desk.NOW,
                        Signature.of("evt_3", Desk.NOW, EVENT.getBytes(StandardCharsets.UTF_8), List.of(secret)),
                        EVENT + " "))
                .isEqualTo(401);
        assertThat(send(url, "evt_4", Desk.NOW, "nonsense", EVENT)).isEqualTo(401);

        assertThat(desk.out()).isEqualTo("""
                2026-11-21T08:00:00.000Z  job.complete  evt_1  job_0199c5d2 complete
                2026-11-21T08:00:00.000Z  job.complete  evt_1  job_0199c5d2 complete  (again)
                """);
        assertThat(desk.err())
                .contains(
                        "not believed: no signature fits  evt_2\n",
                        "not believed: no signature fits  evt_3\n",
                        "not believed: no signature fits  evt_4\n");
        assertThat(desk.out() + desk.err()).doesNotContain("whsec_");
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void thePublicKeyIsEnough() throws Exception {
        String url = listen(
                "webhooks",
                "listen",
                "--secret",
                other.pair().publicKey() + "," + secret.pair().publicKey());

        assertThat(sendSigned(url, "evt_1", Desk.NOW, secret)).isEqualTo(204);
        assertThat(sendSigned(url, "evt_2", Desk.NOW, other)).isEqualTo(204);
        assertThat(sendSigned(url, "evt_3", Desk.NOW, SigningSecret.create(new SecureRandom())))
                .isEqualTo(401);
    }

    @Test
    void whatIsMoreThanFiveMinutesOffIsRefused() throws Exception {
        String url = listen("webhooks", "listen", "--secret", secret.shared().reveal());

        assertThat(sendSigned(url, "evt_1", Desk.NOW.minusSeconds(299), secret)).isEqualTo(204);
        assertThat(sendSigned(url, "evt_2", Desk.NOW.minusSeconds(301), secret)).isEqualTo(401);
        assertThat(sendSigned(url, "evt_3", Desk.NOW.plusSeconds(301), secret)).isEqualTo(401);
        desk.moveClock(Duration.ofMinutes(6));
        assertThat(sendSigned(url, "evt_4", Desk.NOW, secret)).isEqualTo(401);
        assertThat(desk.err()).contains("not believed: it was signed more than 5 minutes from now  evt_2\n");
    }

    @Test
    void withoutASecretTheTenantsOwnIsAskedFor() throws Exception {
        server.on(
                "GET /v1/webhook-secret",
                200,
                "{\"secret\":\"" + secret.shared().reveal() + "\"}");
        String url = listen("webhooks", "listen", "--json");

        assertThat(sendSigned(url, "evt_1", Desk.NOW, secret)).isEqualTo(204);
        assertThat(desk.out()).isEqualTo(Json.line(Json.read(EVENT).orElseThrow()) + "\n");
    }

    @Test
    void whatIsGenuineIsPassedOnAsItCame() throws Exception {
        try (var behind = new FakeServer()) {
            String url = listen(
                    "webhooks",
                    "listen",
                    "--secret",
                    secret.shared().reveal(),
                    "--forward",
                    behind.url() + "/hooks?x=1");

            // The one behind wants a key, as the fake server does, and says so: that is what is answered.
            assertThat(sendSigned(url, "evt_1", Desk.NOW, secret)).isEqualTo(401);
            assertThat(sendSigned(url, "evt_2", Desk.NOW, other)).isEqualTo(401);

            var call = behind.onlyCall();
            assertThat(call.path() + "?" + call.query()).isEqualTo("/hooks?x=1");
            assertThat(call.body()).isEqualTo(EVENT);
            assertThat(call.header("webhook-id")).isEqualTo("evt_1");
            assertThat(call.header("webhook-timestamp")).isEqualTo(Long.toString(Desk.NOW.getEpochSecond()));
            assertThat(call.header("webhook-signature")).startsWith("v1,");
            assertThat(desk.out()).endsWith("job_0199c5d2 complete  forwarded: 401\n");
        }
        assertThat(sendSigned(
                        LISTENING
                                .matcher(desk.err())
                                .results()
                                .findFirst()
                                .orElseThrow()
                                .group(1),
                        "evt_3",
                        Desk.NOW,
                        secret))
                .isEqualTo(502);
    }

    @Test
    void itRegistersItselfAndIsRemovedAtTheEnd() throws Exception {
        server.on(
                        "POST /v1/webhook-endpoints",
                        201,
                        "{\"id\":\"we_1\",\"url\":\"x\",\"secret\":\""
                                + secret.shared().reveal() + "\"}")
                .on("DELETE /v1/webhook-endpoints/we_1", exchange -> exchange.sendResponseHeaders(204, -1));
        String url = listen("webhooks", "listen", "--register", "--events=job.complete,job.progress");

        assertThat(server.onlyCall().body())
                .isEqualTo(
                        "{\"url\":\"" + url
                                + "\",\"description\":\"longshore webhooks listen\",\"events\":[\"job.complete\",\"job.progress\"]}");
        assertThat(sendSigned(url, "evt_1", Desk.NOW, secret)).isEqualTo(204);

        desk.interrupt();
        assertThat(listening.get(30, TimeUnit.SECONDS).status()).isZero();
        assertThat(server.calls().getLast().method()).isEqualTo("DELETE");
        assertThat(desk.err()).endsWith("The endpoint we_1 is removed.\n");
        assertThat(desk.out() + desk.err()).doesNotContain("whsec_");
    }

    @Test
    void anEndpointThatCannotBeRemovedIsNamed() throws Exception {
        server.on(
                        "POST /v1/webhook-endpoints",
                        201,
                        "{\"id\":\"we_1\",\"secret\":\"" + secret.shared().reveal() + "\"}")
                .on("DELETE /v1/webhook-endpoints/we_1", FakeServer.error(503, "UNAVAILABLE", "away", ""));
        listen("webhooks", "listen", "--register", "--url=https://tunnel.test/");

        assertThat(server.onlyCall().json().path("url").asText()).isEqualTo("https://tunnel.test/");
        desk.interrupt();
        assertThat(desk.err())
                .endsWith("The endpoint we_1 could not be removed (503); do it with: longshore webhooks remove we_1\n");
    }

    @Test
    void anEndpointThatSomebodyElseHasRemovedIsNoTrouble() throws Exception {
        server.on(
                        "POST /v1/webhook-endpoints",
                        201,
                        "{\"id\":\"we_1\",\"secret\":\"" + secret.shared().reveal() + "\"}")
                .on("DELETE /v1/webhook-endpoints/we_1", FakeServer.error(404, "NOT_FOUND", "there is none", ""));
        listen("webhooks", "listen", "--register", "--url=https://tunnel.test/");

        assertThat(server.onlyCall().json().path("url").asText()).isEqualTo("https://tunnel.test/");
        desk.interrupt();
        assertThat(desk.err()).endsWith("The endpoint we_1 was removed already.\n");
    }

    @Test
    void aServerThatCallsNoLoopbackAddressIsExplained() {
        server.on("POST /v1/webhook-endpoints", FakeServer.json(400, """
                {"error":{"code":"INVALID_REQUEST","message":"127.0.0.1 is a loopback address","param":"url","details":{}}}""", Map.of()));

        var outcome = desk.run("webhooks", "listen", "--register");

        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err())
                .contains(
                        "allow-networks: [127.0.0.0/8]",
                        "--url",
                        "refused: 127.0.0.1 is a loopback address\n  field       url\n");
    }

    @Test
    void aSecretThatIsNoneIsNotRepeated() {
        for (String wrong : List.of("whsec_short", "s3cret", "whpk_!!", "whsk_" + "A".repeat(86) + "==")) {
            var outcome = Desk.at(server).run("webhooks", "listen", "--secret", wrong);
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err())
                    .startsWith("a secret is written whsec_... or whpk_..., followed by base64\n")
                    .doesNotContain(wrong);
        }
    }

    @Test
    void aPortThatIsTakenIsAMistake() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var outcome = desk.run(
                    "webhooks",
                    "listen",
                    "--secret",
                    secret.shared().reveal(),
                    "--port",
                    Integer.toString(taken.getLocalPort()));
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err()).startsWith("port " + taken.getLocalPort() + " cannot be listened at: ");
        }
        assertThat(Desk.at(server)
                        .run("webhooks", "listen", "--events=job.complete")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void otherMethodsAndHugeBodiesAreNotTaken() throws Exception {
        String url = listen("webhooks", "listen", "--secret", secret.shared().reveal());

        assertThat(http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(405);
        assertThat(send(url, "evt_1", Desk.NOW, "v1,x", "x".repeat(4 * 1024 * 1024 + 1)))
                .isEqualTo(413);
    }
}
