package dev.longshore.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longshore.settings.Network;
import dev.longshore.webhook.CallOutcome.Answered;
import dev.longshore.webhook.CallOutcome.Forbidden;
import dev.longshore.webhook.CallOutcome.NotReached;
import dev.longshore.webhook.Receivers.Http;
import dev.longshore.webhook.Receivers.Seen;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls to receivers that are good, slow, greedy, and not what their names say.
class WebhookCallerTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00.900Z");
    private static final byte[] BODY =
            "{\"type\":\"job.complete\",\"text\":\"größer\"}".getBytes(StandardCharsets.UTF_8);
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    @RegisterExtension
    static final Receivers RECEIVERS = new Receivers();

    private final SigningSecret secret = SigningSecret.create(new SecureRandom());
    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);

    /// What the name stands for: the first at the first look-up, and so on; the last from then on.
    private final Deque<String> meanings = new ArrayDeque<>(List.of("127.0.0.1"));

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// For calls whose whole time is to pass; they have to be on their way by then.
    private static final Duration BRIEFLY = Duration.ofSeconds(1);

    private WebhookCaller caller = caller("127.0.0.0/8", PATIENCE);

    private WebhookCaller caller(String allowed, Duration whole) {
        String[] network = allowed.split("/");
        AddressGuard guard =
                new AddressGuard(List.of(new Network(InetAddress.ofLiteral(network[0]), Integer.parseInt(network[1]))));
        return new WebhookCaller(RECEIVERS.vertx(), new UrlCheck(guard, this::look), now::get, whole, null);
    }

    private synchronized List<InetAddress> look(String name) throws UnknownHostException {
        String meaning = meanings.size() > 1 ? meanings.removeFirst() : meanings.getFirst();
        if (meaning.isEmpty()) {
            throw new UnknownHostException(name);
        }
        return Arrays.stream(meaning.split(" ")).map(InetAddress::ofLiteral).toList();
    }

    private void meaning(String... addresses) {
        meanings.clear();
        meanings.addAll(List.of(addresses));
    }

    private CallOutcome post(String url) throws InterruptedException {
        return caller.post(url, "evt_1", BODY, List.of(secret));
    }

    private static Http good() {
        return RECEIVERS.http(request -> request.response().end("taken"));
    }

    @AfterEach
    void close() {
        caller.close();
    }

    @Test
    void aCallCarriesTheBodyAndWhatProvesIt() throws InterruptedException {
        Http receiver = good();
        assertThat(post(receiver.url("hook.example"))).isInstanceOfSatisfying(Answered.class, answered -> {
            assertThat(answered.status()).isEqualTo(200);
            assertThat(answered.isSuccess()).isTrue();
            assertThat(answered.text()).isEqualTo("taken");
            assertThat(answered.latency()).isPositive();
            assertThat(answered.retryAfter()).isNull();
        });
        Seen seen = receiver.last();
        assertThat(seen.request().method().name()).isEqualTo("POST");
        assertThat(seen.request().uri()).isEqualTo("/hook?x=1");
        assertThat(seen.header("host")).isEqualTo("hook.example:" + receiver.port());
        assertThat(seen.header("content-type")).isEqualTo("application/json");
        assertThat(seen.header("webhook-id")).isEqualTo("evt_1");
        assertThat(seen.header("webhook-timestamp")).isEqualTo(Long.toString(NOW.getEpochSecond()));
        assertThat(seen.body()).isEqualTo(BODY);
        for (VerifyingKey key : List.of(secret.shared(), secret.pair().publicKey())) {
            assertThat(verified(seen, key)).isEqualTo(Verification.GENUINE);
        }
    }

    @Test
    void anotherTryHasItsOwnTimeAndSignatureAndTheSameBytes() throws InterruptedException {
        Http receiver = good();
        post(receiver.url("hook.example"));
        Seen first = receiver.last();
        now.set(NOW.plusSeconds(7));
        post(receiver.url("hook.example"));
        Seen second = receiver.last();
        assertThat(second.header("webhook-id")).isEqualTo(first.header("webhook-id"));
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("webhook-timestamp"))
                .isEqualTo(Long.toString(NOW.plusSeconds(7).getEpochSecond()));
        assertThat(second.header("webhook-signature")).isNotEqualTo(first.header("webhook-signature"));
        assertThat(verified(second, secret.shared())).isEqualTo(Verification.GENUINE);
    }

    private Verification verified(Seen seen, VerifyingKey key) {
        return Verification.of(
                seen.header("webhook-id"),
                seen.header("webhook-timestamp"),
                seen.header("webhook-signature"),
                seen.body(),
                List.of(key),
                now.get());
    }

    @Test
    void aNameThatTurnsInwardsIsNotCalledAgain() throws InterruptedException {
        caller.close();
        caller = caller("127.0.0.2/32", PATIENCE);
        Http receiver = good();
        meaning("127.0.0.2", "127.0.0.1");
        assertThat(post(receiver.url("hook.example"))).isInstanceOf(Answered.class);
        assertThat(post(receiver.url("hook.example"))).isInstanceOf(Forbidden.class);
        assertThat(post(receiver.url("127.0.0.1"))).isInstanceOf(Forbidden.class);
        assertThat(receiver.seen()).hasSize(1);
    }

    @Test
    void oneForbiddenAddressAmongGoodOnesForbidsTheCall() throws InterruptedException {
        caller.close();
        caller = caller("127.0.0.2/32", PATIENCE);
        Http receiver = good();
        meaning("127.0.0.2 127.0.0.1");
        assertThat(post(receiver.url("hook.example"))).isInstanceOf(Forbidden.class);
        assertThat(receiver.connections()).hasValue(0);
    }

    @Test
    void aCallGoesToExactlyTheAddressThatWasChecked() throws InterruptedException {
        Http receiver = good();
        // The name is looked up once for each call, so a second meaning would be seen by the second call only.
        meaning("127.0.0.3", "127.0.0.4");
        post(receiver.url("hook.example"));
        assertThat(receiver.last().request().localAddress().hostAddress()).isEqualTo("127.0.0.3");
        // Although a connection to the first is still open.
        post(receiver.url("hook.example"));
        assertThat(receiver.last().request().localAddress().hostAddress()).isEqualTo("127.0.0.4");
        assertThat(receiver.connections()).hasValue(2);
    }

    @Test
    void connectionsAreKeptForTheSameAddressAndNameOnly() throws InterruptedException {
        Http receiver = good();
        post(receiver.url("hook.example"));
        post(receiver.url("hook.example"));
        assertThat(receiver.connections()).hasValue(1);
        post(receiver.url("other.example"));
        assertThat(receiver.connections()).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreNotFollowed(int status) throws InterruptedException {
        Http elsewhere = good();
        Http receiver = RECEIVERS.http(request -> request.response()
                .setStatusCode(status)
                .putHeader("location", elsewhere.url("127.0.0.1"))
                .end());
        assertThat(post(receiver.url("hook.example"))).isInstanceOfSatisfying(Answered.class, answered -> {
            assertThat(answered.status()).isEqualTo(status);
            assertThat(answered.isSuccess()).isFalse();
        });
        assertThat(receiver.seen()).hasSize(1);
        assertThat(elsewhere.connections()).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"200, true", "204, true", "299, true", "300, false", "400, false", "410, false", "503, false"})
    void twoHundredsAreSuccess(int status, boolean success) throws InterruptedException {
        Http receiver = RECEIVERS.http(
                request -> request.response().setStatusCode(status).end());
        assertThat(post(receiver.url("hook.example")))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.isSuccess()).isEqualTo(success));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120 | | PT2M",
                "0 | | PT0S",
                "Fri, 20 Nov 2026 12:01:00 GMT | | PT59.1S",
                "Fri, 20 Nov 2026 13:01:00 GMT | Fri, 20 Nov 2026 13:00:00 GMT | PT1M",
                "Fri, 20 Nov 2026 11:00:00 GMT | | PT0S",
                "soon | | ",
                "-5 | | ",
                "99999999999 | | "
            })
    void whatTheReceiverAsksForIsTold(String retryAfter, String date, Duration asked) throws InterruptedException {
        Http receiver = RECEIVERS.http(request -> {
            request.response().setStatusCode(503).putHeader("retry-after", retryAfter);
            if (date != null) {
                request.response().putHeader("date", date);
            }
            request.response().end();
        });
        assertThat(post(receiver.url("hook.example")))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.retryAfter()).isEqualTo(asked));
    }

    @Test
    void aReceiverThatSaysNothingIsLeft() throws InterruptedException {
        caller.close();
        caller = caller("127.0.0.0/8", BRIEFLY);
        CountDownLatch left = new CountDownLatch(1);
        int port = RECEIVERS.raw(socket -> socket.closeHandler(_ -> left.countDown()));
        assertThat(post("http://hook.example:" + port + "/")).isInstanceOfSatisfying(NotReached.class, missed -> {
            assertThat(missed.reason()).isEqualTo("no answer in time");
            assertThat(missed.latency()).isBetween(BRIEFLY.minusMillis(10), PATIENCE);
        });
        assertThat(left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aHeadThatNeverEndsIsLeft() throws InterruptedException {
        caller.close();
        caller = caller("127.0.0.0/8", BRIEFLY);
        CountDownLatch left = new CountDownLatch(1);
        int port = RECEIVERS.raw(socket -> {
            socket.closeHandler(_ -> left.countDown());
            socket.handler(_ -> drip(socket, "HTTP/1.1 200 OK\r\n", "x: y\r\n"));
        });
        assertThat(post("http://hook.example:" + port + "/")).isInstanceOf(NotReached.class);
        assertThat(left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private static void drip(NetSocket socket, String start, String drop) {
        socket.write(start);
        long timer = RECEIVERS.vertx().setPeriodic(20, _ -> socket.write(drop));
        Handler<Void> stop = _ -> RECEIVERS.vertx().cancelTimer(timer);
        socket.exceptionHandler(_ -> stop.handle(null));
        socket.endHandler(stop);
    }

    @Test
    void ofAHugeAnswerTheFirstKibibyteIsReadAndTheRestRefused() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(1);
        int port = RECEIVERS.raw(socket -> {
            socket.closeHandler(_ -> left.countDown());
            socket.handler(_ -> {
                socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n");
                // Ends only when the other side has gone.
                Buffer piece = Buffer.buffer("a".repeat(10_000));
                socket.write(piece);
                socket.drainHandler(_ -> socket.write(piece));
            });
        });
        assertThat(post("http://hook.example:" + port + "/")).isInstanceOfSatisfying(Answered.class, answered -> {
            assertThat(answered.status()).isEqualTo(200);
            assertThat(answered.text()).isEqualTo("a".repeat(1_024));
        });
        assertThat(left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aStatusCountsAlthoughTheAnswerNeverEnds() throws InterruptedException {
        caller.close();
        caller = caller("127.0.0.0/8", BRIEFLY);
        int port = RECEIVERS.raw(
                socket -> socket.handler(_ -> socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")));
        assertThat(post("http://hook.example:" + port + "/")).isInstanceOfSatisfying(Answered.class, answered -> {
            assertThat(answered.isSuccess()).isTrue();
            assertThat(answered.text()).isEqualTo("half");
        });
    }

    @Test
    void interimAnswersAreNotTheAnswer() throws InterruptedException {
        int port = RECEIVERS.raw(
                socket -> socket.handler(_ -> socket.write("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + OK)));
        assertThat(post("http://hook.example:" + port + "/"))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.status()).isEqualTo(200));
    }

    @Test
    void theWordsOfAReceiverAreMadeFitToBeStored() throws InterruptedException {
        Http receiver = RECEIVERS.http(request ->
                request.response().end(Buffer.buffer(new byte[] {'a', 0, 'b', 27, '\n', 'c', (byte) 0xff})));
        assertThat(post(receiver.url("hook.example")))
                .isInstanceOfSatisfying(
                        Answered.class, answered -> assertThat(answered.text()).isEqualTo("a b \nc\ufffd"));
    }

    @Test
    void aConnectionThatIsClosedOrRefusedIsToldInWordsWithoutAddresses() throws InterruptedException {
        int closing = RECEIVERS.raw(NetSocket::close);
        assertThat(post("http://hook.example:" + closing + "/"))
                .isInstanceOfSatisfying(
                        NotReached.class,
                        missed -> assertThat(missed.reason())
                                .isIn("the connection was closed before an answer", "the connection was broken"));
        assertThat(post("http://hook.example:" + closedPort() + "/"))
                .isInstanceOfSatisfying(
                        NotReached.class,
                        missed -> assertThat(missed.reason()).isEqualTo("the connection was refused"));
        meaning("");
        assertThat(post("http://hook.example:" + closing + "/"))
                .isInstanceOfSatisfying(
                        NotReached.class,
                        missed -> assertThat(missed.reason()).isEqualTo("The name hook.example has no address."));
    }

    @Test
    void anAddressThatRefusesIsPassedOverForTheNext() throws InterruptedException {
        var vertx = RECEIVERS.vertx();
        var server = vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.5")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        meaning("127.0.0.6 127.0.0.5");
        assertThat(post("http://hook.example:" + server.actualPort() + "/")).isInstanceOf(Answered.class);
    }

    @Test
    void anInterruptedCallLeavesNothingBehind() throws InterruptedException {
        CountDownLatch came = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        int port = RECEIVERS.raw(socket -> {
            socket.handler(_ -> came.countDown());
            socket.closeHandler(_ -> left.countDown());
        });
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread calling = Thread.startVirtualThread(() -> {
            try {
                post("http://hook.example:" + port + "/");
            } catch (InterruptedException _) {
                interrupted.countDown();
            }
        });
        assertThat(came.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        calling.interrupt();
        assertThat(interrupted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aConnectionThatTheReceiverClosesBetweenCallsIsReplaced() throws InterruptedException {
        Http receiver = RECEIVERS.http(request -> request.response()
                .end("bye")
                .onSuccess(_ -> request.connection().close()));
        post(receiver.url("hook.example"));
        await().atMost(PATIENCE).until(() -> receiver.gone().get() == 1);
        assertThat(post(receiver.url("hook.example"))).isInstanceOf(Answered.class);
    }

    private static int closedPort() {
        var server = RECEIVERS.vertx().createNetServer().connectHandler(NetSocket::close);
        int port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        server.close().toCompletionStage().toCompletableFuture().join();
        return port;
    }
}
