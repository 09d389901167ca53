package dev.longshore.api.hostile;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.Api;
import dev.longshore.api.Bodies;
import dev.longshore.api.Platform;
import dev.longshore.api.watch.OpenReaders;
import dev.longshore.problem.ProblemCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Platform
class HostileWireTest extends OnAnEstate {
    @Inject
    MeterRegistry metrics;

    @Inject
    OpenReaders readers;

    @Test
    void whatIsNoHttpIsRefusedInOneShape() {
        Contract contract = new Contract();
        for (String garbage : List.of(
                "hello\r\n\r\n",
                "GET /v1/jobs HTTP/1.1\nHost: x\n\n",
                "GET\r\n\r\n",
                "GET /v1/jobs\r\n\r\n",
                "GET  HTTP/1.1\r\nHost: x\r\n\r\n",
                "/v1/jobs GET HTTP/1.1\r\n\r\n",
                "GET /v1/jobs HTTP/9.9\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /v1/jobs HTTP/2.0\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /v1/jobs HTTP/\r\nHost: x\r\n\r\n",
                "GET /v1/jobs http/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /v1/jobs FTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /v1/jobs HTTP/1.1 x\r\nHost: x\r\n\r\n",
                "GET /v1/a b HTTP/1.1\r\nHost: x\r\n\r\n",
                "G\u0000T /v1/jobs HTTP/1.1\r\nHost: x\r\n\r\n",
                "G(T /v1/jobs HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/jo\u0000bs HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/jobs\u0001 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET v1/jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET ? HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET # HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\nConnection: close\r\n\r\n",
                "GET http:///v1/jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET http://x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET javascript:alert(1) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET //x/v1/jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "x".repeat(100_000),
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + "\u0000".repeat(200)
                        + "\r\n\r\n",
                "\u0000".repeat(1_000) + "x\r\n\r\n",
                "\u00ff\u00fe\u00fd\r\n\r\n",
                "*1\r\n$4\r\nPING\r\n\r\n",
                "{\"operation\":\"chat\"}\r\n\r\n")) {
            try (Wire wire = Wire.open()) {
                wire.send(garbage).endOfRequest();
                contract.refused(
                        garbage.substring(0, Math.min(50, garbage.length())).replaceAll("\\p{Cntrl}", "."),
                        wire.reply());
                wire.awaitClose();
            }
        }
        contract.assertKept(30);
    }

    @Test
    void olderAndOddButProperHttpIsUnderstood() {
        String key = "Authorization: Bearer " + estate.owner().key() + "\r\n";
        for (String request : List.of(
                "GET /v1/jobs HTTP/1.0\r\n" + key + "\r\n",
                "GET /v1/jobs HTTP/1.0\r\nHost: x\r\n" + key + "Connection: keep-alive\r\n\r\n",
                "GET http://localhost/v1/jobs HTTP/1.1\r\nHost: localhost\r\n" + key + "\r\n",
                "GET HTTP://evil.example:99/v1/jobs?limit=1 HTTP/1.1\r\nHost: localhost\r\n" + key + "\r\n",
                "\r\n\r\nGET /v1/jobs HTTP/1.1\r\nHost: x\r\n" + key + "\r\n",
                "GET /v1/jobs? HTTP/1.1\r\nHost: x\r\n" + key + "\r\n",
                "GET /v1/jobs HTTP/1.1\r\nhOST:x\r\n" + key.replace("Authorization: ", "AUTHORIZATION:") + "\r\n",
                "GET /v1/jobs HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
                        + key + "\r\n",
                "GET /v1/jobs HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Version: 13\r\n" + key + "\r\n")) {
            assertThat(Wire.exchange(request).map(Reply::status)).as(request).contains(200);
        }
    }

    /// Two ways to say where a body ends: whatever stands in front of us may have believed the other one.
    @Test
    void noRequestIsHiddenInTheBodyOfAnother() throws SQLException {
        Map<String, Long> before = estate.census();
        String hidden = new String(
                estate.request("POST", "/v1/jobs", Bodies.chat(""), "Connection: close"), StandardCharsets.ISO_8859_1);
        String head = estate.head("POST", "/v1/jobs/estimate") + "Content-Type: application/json\r\n";
        String chunkedNothing = "0\r\n\r\n";
        for (String smuggled : List.of(
                head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + chunkedNothing + hidden,
                head + "Content-Length: 5, 6\r\n\r\n" + chunkedNothing + hidden,
                head + "Content-Length: 0\r\nContent-Length: " + hidden.length() + "\r\n\r\n" + hidden,
                head + "Content-Length : " + hidden.length() + "\r\n\r\n" + hidden,
                head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + "zz\r\n" + hidden,
                head + "Transfer-Encoding: xchunked\r\nContent-Length: " + hidden.length() + "\r\n\r\n" + hidden,
                head + "Content-Length: " + hidden.length() + "\r\nTransfer-Encoding : chunked\r\n\r\n" + hidden,
                head + "Content-Length: " + hidden.length() + "\r\nX: a\r\n Transfer-Encoding: chunked\r\n\r\n"
                        + hidden)) {
            try (Wire wire = Wire.open()) {
                wire.send(smuggled).endOfRequest();
                Optional<Reply> reply = wire.reply();
                assertThat(reply.map(Reply::status).orElse(400)).as(smuggled).isBetween(400, 499);
                wire.awaitClose();
            }
        }
        assertThat(estate.census()).isEqualTo(before);
    }

    /// A length beside chunks is what smugglers send and nobody else; the standard lets us go by the
    /// chunks, and what follows them is no more than the next request of the same caller.
    @Test
    void chunksWinOverALength() {
        String body = Bodies.chat("");
        byte[] both = (estate.head("POST", "/v1/jobs/estimate")
                        + "Content-Type: application/json\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        Contract contract = new Contract();
        Optional<Reply> reply = Wire.exchange(both);
        contract.heldBy("both", reply);
        contract.assertKept(1);
    }

    @Test
    void requestsSentAheadAreAnsweredInOrder() {
        String get = new String(estate.request("GET", "/v1/jobs/" + estate.job(), ""), StandardCharsets.US_ASCII);
        String lost = new String(estate.request("GET", "/v1/jobs/x", ""), StandardCharsets.US_ASCII);
        String post = new String(estate.request("POST", "/v1/jobs", Bodies.chat("")), StandardCharsets.US_ASCII);
        String wrong = new String(estate.request("GET", "/v1/jobs/%zz", ""), StandardCharsets.US_ASCII);
        try (Wire wire = Wire.open()) {
            wire.send((get + lost + post + wrong).repeat(5));
            for (int i = 0; i < 5; i++) {
                assertThat(wire.reply().orElseThrow().status()).isEqualTo(200);
                assertThat(wire.reply().orElseThrow().status()).isEqualTo(404);
                assertThat(wire.reply().orElseThrow().status()).isEqualTo(202);
                assertThat(wire.reply().orElseThrow().status()).isEqualTo(400);
            }
        }
    }

    /// The server would keep any number of requests that wait for one before them.
    @Test
    void whoeverSendsFarTooManyAheadIsCutOff() {
        String slow = new String(
                estate.request("GET", "/v1/jobs/" + estate.job() + "?wait=60", ""), StandardCharsets.US_ASCII);
        String get = new String(estate.request("GET", "/v1/jobs/" + estate.job(), ""), StandardCharsets.US_ASCII);
        try (Wire wire = Wire.open()) {
            wire.send(slow + get.repeat(2_000));
            wire.awaitClose();
        }
        await().until(() -> estate.owner().get("/q/metrics").body().contains("longshore_waiters 0.0"));
    }

    /// A stream may go on for hours: what is sent behind it would be held for as long.
    @Test
    void whoeverSendsSomethingBehindAStreamIsCutOff() {
        String path = "/v1/jobs/" + estate.job();
        String stream = new String(estate.request("GET", path + "/events", ""), StandardCharsets.US_ASCII);
        String get = new String(estate.request("GET", path, ""), StandardCharsets.US_ASCII);
        try (Wire wire = Wire.open()) {
            wire.send(stream + get).awaitClose();
        }
        try (Wire wire = Wire.open()) {
            wire.send(stream);
            await().until(() -> readers.count() == 1);
            wire.send(get).awaitClose();
        }
        await().until(() -> readers.count() == 0);
    }

    /// Once a stream has ended the connection is as good as any other.
    @Test
    void theConnectionOfAStreamServesOn() {
        String over = "/v1/jobs/" + estate.owner().chat();
        estate.owner().post(over + "/cancel", "");
        try (Wire wire = Wire.open()) {
            for (int i = 0; i < 3; i++) {
                Reply events = wire.send(estate.request("GET", over + "/events", ""))
                        .reply()
                        .orElseThrow();
                assertThat(events.text()).endsWith("data: [DONE]\n\n");
                assertThat(wire.send(estate.request("GET", over, ""))
                                .reply()
                                .orElseThrow()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void readersMayGoAwayAtAnyTime() {
        byte[] stream = estate.request("GET", "/v1/jobs/" + estate.job() + "/events", "");
        for (int i = 0; i < 200; i++) {
            try (Wire wire = Wire.open()) {
                wire.send(stream);
            }
        }
        await().until(() -> readers.count() == 0);
    }

    /// Answers that nobody reads hold up the next request, and do not pile up.
    @Test
    void whoeverDoesNotReadIsNotAnsweredOn() throws InterruptedException {
        // Refused at once, without a key, with an answer that is ten times as long: some 40 MB, and
        // sockets hold less.
        int many = 60_000;
        byte[] gets = "GET /v1/jobs HTTP/1.1\r\nHost: x\r\n\r\n".repeat(many).getBytes(StandardCharsets.US_ASCII);
        Counter refusals = metrics.counter("longshore.refusals", "code", "UNAUTHENTICATED");
        double before = refusals.count();
        Thread sender;
        try (Wire wire = Wire.open()) {
            sender = Thread.ofPlatform().start(() -> wire.send(gets));
            double[] last = {-1};
            await().pollInterval(Duration.ofMillis(200))
                    .during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(120))
                    .until(() -> refusals.count() > before && last[0] == (last[0] = refusals.count()));
            assertThat(refusals.count() - before).isLessThan(many);
            assertThat(estate.owner().submit(Bodies.chat("")).status()).isEqualTo(202);
            // Whoever reads again is answered on.
            for (int i = 0; i < many; i++) {
                assertThat(wire.reply().orElseThrow().status()).isEqualTo(401);
            }
        }
        sender.join();
    }

    @Test
    void callersMayGoAwayAtAnyByte() throws SQLException {
        Map<String, Long> before = estate.census();
        byte[] request = estate.request("POST", "/v1/jobs", Bodies.chat(""));
        for (int cut = 0; cut < request.length; cut++) {
            try (Wire wire = Wire.open()) {
                wire.send(Arrays.copyOf(request, cut));
            }
        }
        assertThat(estate.owner().submit(Bodies.chat("")).status()).isEqualTo(202);
        Map<String, Long> after = estate.census();
        assertThat(after.get("job") - before.get("job")).isEqualTo(1);
    }

    @Test
    void callersMayGoAwayWhileTheyAreBeingAnswered() {
        byte[] waiting = estate.request("GET", "/v1/jobs/" + estate.job() + "?wait=60", "");
        for (int i = 0; i < 200; i++) {
            try (Wire wire = Wire.open()) {
                wire.send(waiting);
            }
        }
        await().until(() -> estate.owner().get("/q/metrics").body().contains("longshore_waiters 0.0"));
    }

    /// A key that nobody has shown yet is looked up. Whoever has gone before that is over is not read any more, which
    /// would fail, and not answered.
    @Test
    void callersMayGoAwayWhileTheirKeyIsLookedUp() throws SQLException {
        String key = "sk-longshore-" + UUID.randomUUID();
        String begun = "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key
                + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
        Counter refusals = metrics.counter("longshore.refusals", "code", "UNAUTHENTICATED");
        double before = refusals.count();
        try (Connection keys = database.getConnection();
                Statement statement = keys.createStatement()) {
            keys.setAutoCommit(false);
            statement.execute("LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE");
            try (Wire wire = Wire.open()) {
                wire.send(begun);
                await().until(this::aKeyIsLookedUp);
                wire.endOfRequest().awaitClose();
            }
            keys.rollback();
            keys.setAutoCommit(true);
        }

        assertThat(Api.with(key).get("/v1/jobs").status()).isEqualTo(401);
        await().during(Duration.ofMillis(300)).until(() -> refusals.count() == before + 1);
        assertThat(estate.owner().submit(Bodies.chat("")).status()).isEqualTo(202);
    }

    private boolean aKeyIsLookedUp() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'api_key'::regclass AND NOT granted")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    @Test
    void hundredsOfSilentConnectionsKeepNobodyOut() {
        List<Wire> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                Wire wire = Wire.open();
                silent.add(wire);
                switch (i % 3) {
                    case 0 -> wire.send("");
                    case 1 -> wire.send("POST /v1/jobs HTTP/1.1\r\nHost: x\r\nX: ");
                    default ->
                        wire.send(estate.head("POST", "/v1/jobs")
                                + "Content-Type: application/json\r\nContent-Length: 10000000\r\n\r\n{");
                }
            }
            for (int i = 0; i < 50; i++) {
                assertThat(estate.owner().submit(Bodies.chat("")).status()).isEqualTo(202);
            }
            // Ten mebibytes were announced by every third: they take room when they come, not before.
            assertThat(Memory.used()).isLessThan(600L << 20);
        } finally {
            silent.forEach(Wire::close);
        }
    }

    /// An eighth of the heap is for large bodies that are coming in; small ones go past them.
    @Test
    void largeBodiesWaitForRoomAndSmallOnesDoNot() {
        int size = 10 * 1024 * 1024;
        int fit = (int) (Runtime.getRuntime().maxMemory() / 8 / size);
        String head = estate.head("POST", "/v1/jobs/estimate") + "Content-Type: application/json\r\nContent-Length: "
                + size + "\r\n\r\n";
        byte[] almost = Estate.join(
                head.getBytes(StandardCharsets.US_ASCII), " ".repeat(size - 1).getBytes(StandardCharsets.US_ASCII));
        List<Wire> senders = new ArrayList<>();
        try {
            for (int i = 0; i < fit + 3; i++) {
                Wire wire = Wire.open();
                senders.add(wire);
                wire.send(almost);
            }
            assertThat(estate.owner().submit(Bodies.chat("")).status()).isEqualTo(202);
            int away = 0;
            Contract contract = new Contract();
            for (Wire wire : senders) {
                Optional<Reply> reply = wire.send(" ").reply();
                contract.refused("a large one", reply, ProblemCode.INVALID_JSON, ProblemCode.UNAVAILABLE);
                away += reply.orElseThrow().status() == 503 ? 1 : 0;
            }
            contract.assertKept(fit + 3);
            assertThat(away).isBetween(1, 4);
        } finally {
            senders.forEach(Wire::close);
        }
        assertThat(Wire.exchange(Estate.join(almost, " ".getBytes(StandardCharsets.US_ASCII)))
                        .orElseThrow()
                        .code())
                .isEqualTo("INVALID_JSON");
    }
}
