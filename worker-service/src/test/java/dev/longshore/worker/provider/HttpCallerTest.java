package dev.longshore.worker.provider;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.simulator.Behaviour;
import dev.longshore.simulator.Fault;
import dev.longshore.simulator.FaultKind;
import dev.longshore.simulator.Script;
import dev.longshore.simulator.Simulator;
import dev.longshore.worker.provider.HttpExchange.Answered;
import dev.longshore.worker.provider.HttpExchange.Lost;
import dev.longshore.worker.provider.HttpExchange.NeverSent;
import dev.longshore.worker.provider.HttpExchange.Stopped;
import dev.longshore.worker.provider.HttpExchange.TooLong;
import dev.longshore.worker.slots.StopSign;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(180)
class HttpCallerTest {
    @RegisterExtension
    static final SmallVertx VERTX = new SmallVertx();

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Timeouts PATIENT = new Timeouts(LONG, LONG, LONG, LONG);
    private static final byte[] ASK =
            "{\"model\":\"sim-small\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
                    .getBytes(StandardCharsets.UTF_8);
    private static final String WHOLE = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Mark: 1\r\n\r\n{}";

    private static HttpExchange post(URI address, Timeouts timeouts, StopSign stop) {
        try (HttpCaller caller = VERTX.caller(timeouts.connect())) {
            return caller.post(address, Map.of("x-test", "1"), ASK, timeouts, stop);
        }
    }

    private static HttpExchange post(RawServer.Behaviour behaviour, Timeouts timeouts) throws IOException {
        try (RawServer server = new RawServer(behaviour)) {
            return post(server.address(), timeouts, new StopSign());
        }
    }

    /// The limit is the one that was kept, and not one of the others.
    private static HttpExchange soon(Callable<HttpExchange> call) throws Exception {
        long started = System.nanoTime();
        HttpExchange exchange = call.call();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(SHORT, LONG.minusSeconds(1));
        return exchange;
    }

    private static void assertLost(HttpExchange exchange, boolean timedOut, String why) {
        assertThat(exchange).isInstanceOfSatisfying(Lost.class, lost -> {
            assertThat(lost.timedOut()).isEqualTo(timedOut);
            assertThat(lost.cause()).contains(why);
        });
    }

    @Test
    void aWholeAnswerIsAnsweredWithItsHeadersAndTimes() throws IOException {
        assertThat(post((_, out) -> RawServer.write(out, WHOLE), PATIENT))
                .isInstanceOfSatisfying(Answered.class, answered -> {
                    assertThat(answered.status()).isEqualTo(200);
                    assertThat(answered.headers().get("x-mark")).isEqualTo("1");
                    assertThat(answered.body()).asString().isEqualTo("{}");
                    assertThat(answered.firstByte()).isPositive().isLessThanOrEqualTo(answered.total());
                });
    }

    @Test
    void anErrorStatusIsAnAnswerToo() throws IOException {
        assertThat(post((_, out) -> RawServer.write(out, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"), PATIENT))
                .isInstanceOfSatisfying(Answered.class, answered -> {
                    assertThat(answered.status()).isEqualTo(503);
                    assertThat(answered.body()).isEmpty();
                });
    }

    @Test
    void aRedirectIsNotFollowed() throws IOException {
        try (RawServer elsewhere = new RawServer((_, out) -> RawServer.write(out, WHOLE))) {
            String redirect =
                    "HTTP/1.1 307 There\r\nLocation: " + elsewhere.address() + "\r\nContent-Length: 0\r\n\r\n";
            assertThat(post((_, out) -> RawServer.write(out, redirect), PATIENT))
                    .isInstanceOfSatisfying(
                            Answered.class,
                            answered -> assertThat(answered.status()).isEqualTo(307));
            assertThat(elsewhere.requests()).isZero();
        }
    }

    @Test
    void aConnectionThatIsRefusedWasNeverSent() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        assertThat(post(URI.create("http://127.0.0.1:" + port + "/"), PATIENT, new StopSign()))
                .isInstanceOf(NeverSent.class);
    }

    @Test
    void aHandshakeThatNeverEndsWasNeverSent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Timeouts timeouts = new Timeouts(SHORT, LONG, LONG, LONG);
            URI address = URI.create("https://127.0.0.1:" + silent.getLocalPort() + "/");
            assertThat(post(address, timeouts, new StopSign()))
                    .isInstanceOfSatisfying(
                            NeverSent.class,
                            never -> assertThat(never.cause()).contains("no connection within 600 ms"));
        }
    }

    @Test
    void aServerThatSpeaksNoTlsWasNeverSentARequest() throws IOException {
        try (RawServer plain = new RawServer((_, out) -> RawServer.write(out, WHOLE))) {
            URI address = URI.create(plain.address().toString().replace("http:", "https:"));
            Timeouts timeouts = new Timeouts(SHORT, LONG, LONG, LONG);
            assertThat(post(address, timeouts, new StopSign())).isInstanceOf(NeverSent.class);
            assertThat(plain.requests()).isZero();
        }
    }

    @Test
    void silenceAfterTheRequestIsLostAndTheConnectionIsGivenUp() throws Exception {
        try (RawServer server = new RawServer((connection, _) -> RawServer.untilTheyLeave(connection))) {
            Timeouts timeouts = new Timeouts(LONG, SHORT, LONG, LONG);
            assertLost(soon(() -> post(server.address(), timeouts, new StopSign())), true, "no answer within 300 ms");
            await().until(() -> server.gone() == 1);
        }
    }

    @Test
    void aPauseInTheMiddleOfAnAnswerIsLost() throws Exception {
        RawServer.Behaviour half = (connection, out) -> {
            RawServer.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":");
            RawServer.untilTheyLeave(connection);
        };
        assertLost(soon(() -> post(half, new Timeouts(LONG, LONG, SHORT, LONG))), true, "paused for more than 300 ms");
    }

    @Test
    void headersWithoutABodyAreLost() throws Exception {
        RawServer.Behaviour headersOnly = (connection, out) -> {
            RawServer.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
            RawServer.untilTheyLeave(connection);
        };
        assertLost(
                soon(() -> post(headersOnly, new Timeouts(LONG, LONG, SHORT, LONG))),
                true,
                "paused for more than 300 ms");
    }

    @Test
    void anAnswerThatTricklesForeverIsLostWhenTheAttemptIsOver() throws IOException {
        RawServer.Behaviour trickle = (connection, out) -> {
            RawServer.write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            CountDownLatch never = new CountDownLatch(1);
            while (!never.await(20, TimeUnit.MILLISECONDS)) {
                RawServer.write(out, "1\r\n \r\n");
            }
        };
        assertLost(
                post(trickle, new Timeouts(LONG, LONG, SHORT.multipliedBy(3), Duration.ofMillis(1_200))),
                true,
                "no whole answer within 1200 ms");
    }

    @Test
    void aConnectionThatIsResetAfterTheRequestIsLost() throws IOException {
        RawServer.Behaviour reset = (connection, _) -> {
            connection.setSoLinger(true, 0);
            connection.close();
        };
        assertLost(post(reset, PATIENT), false, "");
    }

    @Test
    void aConnectionThatIsClosedAfterTheRequestIsLost() throws IOException {
        assertLost(post((connection, _) -> connection.close(), PATIENT), false, "");
    }

    @Test
    void anAnswerShorterThanItSaysIsLost() throws IOException {
        RawServer.Behaviour shorter = (connection, out) -> {
            RawServer.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}");
            connection.close();
        };
        assertLost(post(shorter, PATIENT), false, "");
    }

    @Test
    void aStreamThatBreaksOffIsLost() throws IOException {
        RawServer.Behaviour broken = (connection, out) -> {
            RawServer.write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n");
            connection.close();
        };
        assertLost(post(broken, PATIENT), false, "");
    }

    @Test
    void whatIsNoHttpIsLost() throws IOException {
        RawServer.Behaviour nonsense = (connection, out) -> {
            RawServer.write(out, "220 smtp.example ESMTP\r\n\r\n");
            connection.close();
        };
        assertLost(post(nonsense, PATIENT), false, "");
    }

    @Test
    void anAnswerLongerThanTheLimitIsGivenUp() throws IOException {
        RawServer.Behaviour endless = (_, out) -> {
            RawServer.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            byte[] piece = new byte[64 * 1024];
            for (int i = 0; i < 10_000; i++) {
                out.write(piece);
            }
        };
        assertThat(post(endless, PATIENT)).isEqualTo(new TooLong(200, HttpCaller.LONGEST_ANSWER_BYTES));
    }

    @Test
    void aStopBeforeTheCallMeansThatNothingIsSentAndNoConnectionIsLost() throws IOException {
        try (RawServer server = new RawServer((_, out) -> RawServer.write(out, WHOLE));
                HttpCaller caller = VERTX.caller(LONG)) {
            for (int i = 0; i < 5; i++) {
                StopSign stop = new StopSign();
                stop.raise(Interruption.CANCEL);
                assertThat(caller.post(server.address(), Map.of(), ASK, PATIENT, stop))
                        .isEqualTo(new Stopped(Interruption.CANCEL, false));
            }
            assertThat(caller.post(server.address(), Map.of(), ASK, PATIENT, new StopSign()))
                    .isInstanceOf(Answered.class);
            assertThat(server.requests()).isEqualTo(1);
        }
    }

    @Test
    void aStopDuringTheCallEndsItAndTellsTheProvider() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        try (RawServer server = new RawServer((connection, _) -> {
                    received.countDown();
                    RawServer.untilTheyLeave(connection);
                });
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            StopSign stop = new StopSign();
            Future<HttpExchange> exchange = threads.submit(() -> post(server.address(), PATIENT, stop));
            received.await();
            assertThat(exchange.isDone()).isFalse();
            stop.raise(Interruption.LEASE_LOST);
            assertThat(exchange.get()).isEqualTo(new Stopped(Interruption.LEASE_LOST, true));
            await().until(() -> server.gone() == 1);
        }
    }

    @Test
    void aStopAfterTheAnswerChangesNothing() throws IOException {
        try (RawServer server = new RawServer((_, out) -> RawServer.write(out, WHOLE))) {
            StopSign stop = new StopSign();
            HttpExchange exchange = post(server.address(), PATIENT, stop);
            stop.raise(Interruption.DRAIN);
            assertThat(exchange).isInstanceOf(Answered.class);
        }
    }

    @Test
    void callsOneAfterTheOtherShareAConnection() throws IOException {
        try (RawServer server = new RawServer((_, out) -> RawServer.write(out, WHOLE));
                HttpCaller caller = VERTX.caller(LONG)) {
            for (int i = 0; i < 20; i++) {
                assertThat(caller.post(server.address(), Map.of(), ASK, PATIENT, new StopSign()))
                        .isInstanceOf(Answered.class);
            }
            assertThat(server.requests()).isEqualTo(20);
            // A connection is free a moment after its answer is here, so now and then there is a second one.
            assertThat(server.connections()).isLessThanOrEqualTo(10);
        }
    }

    @Test
    void afterACallThatTimedOutTheNextOneIsNotMixedUpWithItsAnswer() throws IOException {
        CountDownLatch late = new CountDownLatch(1);
        try (RawServer server = new RawServer((_, out) -> {
                    if (late.getCount() > 0) {
                        late.await();
                        RawServer.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
                    } else {
                        RawServer.write(out, WHOLE);
                    }
                });
                HttpCaller caller = VERTX.caller(LONG)) {
            assertLost(
                    caller.post(server.address(), Map.of(), ASK, new Timeouts(LONG, SHORT, LONG, LONG), new StopSign()),
                    true,
                    "no answer");
            late.countDown();
            assertThat(caller.post(server.address(), Map.of(), ASK, PATIENT, new StopSign()))
                    .isInstanceOfSatisfying(
                            Answered.class,
                            answered -> assertThat(answered.body()).asString().isEqualTo("{}"));
        }
    }

    @Test
    void aHandshakeThatNeverEndsCountsAsConnecting() throws Exception {
        try (RawServer server = new RawServer((_, out) -> RawServer.write(out, WHOLE));
                HttpCaller caller = VERTX.caller(LONG)) {
            URI secure = URI.create("https" + server.address().toString().substring("http".length()));
            assertThat(caller.post(secure, Map.of(), ASK, new Timeouts(SHORT, LONG, LONG, LONG), new StopSign()))
                    .isEqualTo(new NeverSent("no connection within 600 ms"));
            assertThat(server.requests()).isZero();
        }
    }

    /// Both ends are in this process, so ten thousand would need more files than some systems allow one.
    @Test
    void fourThousandCallsAreInFlightAtOnceAndAllAreAnswered() throws Exception {
        int calls = 4_000;
        Timeouts timeouts = new Timeouts(LONG, LONG, LONG, LONG.multipliedBy(2));
        try (Simulator simulator = Simulator.start(0);
                HttpCaller caller = VERTX.caller(LONG);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            simulator.script(Script.EMPTY.with("sim-small", Behaviour.ORDINARY.withFaults(Fault.of(FaultKind.HOLD))));
            URI address = URI.create(simulator.baseUrl() + "/chat/completions");
            List<Future<HttpExchange>> exchanges = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                exchanges.add(threads.submit(() -> caller.post(address, Map.of(), ASK, timeouts, new StopSign())));
            }
            await().atMost(LONG).until(() -> simulator.stats().all().open() == calls);
            assertThat(exchanges).noneMatch(Future::isDone);
            simulator.release();
            for (Future<HttpExchange> exchange : exchanges) {
                assertThat(exchange.get())
                        .isInstanceOfSatisfying(
                                Answered.class,
                                answered -> assertThat(answered.status()).isEqualTo(200));
            }
            assertThat(simulator.stats().all().maxOpen()).isEqualTo(calls);
        }
    }

    /// Stopped at every moment around the sending: what the provider has seen must be called sent, or
    /// the call would be one of which no attempt tells.
    @Test
    void whatTheProviderSawIsNeverCalledUnsent() throws Exception {
        try (RawServer server = new RawServer((_, out) -> RawServer.write(out, WHOLE));
                HttpCaller caller = VERTX.caller(PATIENT.connect());
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            int unsent = 0;
            int calls = 0;
            // Until some were sent, however long that takes here.
            for (int i = 0; i < 400 || unsent == calls; i++) {
                calls++;
                StopSign stop = new StopSign();
                Future<HttpExchange> call =
                        callers.submit(() -> caller.post(server.address(), Map.of("x-test", "1"), ASK, PATIENT, stop));
                long stopAt = System.nanoTime() + i * 2_000L;
                while (System.nanoTime() < stopAt) {
                    Thread.onSpinWait();
                }
                stop.raise(Interruption.DRAIN);
                unsent += call.get() instanceof Stopped(var _, var sent) && !sent ? 1 : 0;
            }
            assertThat(unsent).isBetween(1, calls - 1);
            assertThat(server.requests()).isLessThanOrEqualTo(calls - unsent);
        }
    }
}
