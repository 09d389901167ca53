package dev.longshore.worker.provider;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.worker.provider.HttpExchange.Answered;
import dev.longshore.worker.provider.HttpExchange.Lost;
import dev.longshore.worker.provider.HttpExchange.Stopped;
import dev.longshore.worker.provider.HttpExchange.StreamEnd;
import dev.longshore.worker.provider.HttpExchange.Streamed;
import dev.longshore.worker.provider.HttpExchange.TooLong;
import dev.longshore.worker.slots.StopSign;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is special about answers that are handed on as they come.
@Timeout(120)
class HttpStreamTest {
    @RegisterExtension
    static final SmallVertx VERTX = new SmallVertx();

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Timeouts PATIENT = new Timeouts(LONG, LONG, LONG, LONG);
    private static final Timeouts IMPATIENT = new Timeouts(LONG, LONG, SHORT, LONG);
    private static final byte[] ASK = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=utf-8\r\nX-Mark: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String END = "0\r\n\r\n";

    private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();

    private boolean take(byte[] piece) {
        return taken.add(new String(piece, StandardCharsets.UTF_8));
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static RawServer.Behaviour thenSilence(String piece) {
        return (connection, out) -> {
            RawServer.write(out, HEAD + chunk(piece));
            RawServer.untilTheyLeave(connection);
        };
    }

    private static HttpExchange post(URI address, Timeouts timeouts, StopSign stop, HttpCaller.Pieces pieces) {
        try (HttpCaller caller = VERTX.caller(LONG)) {
            return caller.post(address, Map.of(), ASK, timeouts, stop, pieces);
        }
    }

    private HttpExchange post(RawServer.Behaviour behaviour, Timeouts timeouts) throws IOException {
        try (RawServer server = new RawServer(behaviour)) {
            return post(server.address(), timeouts, new StopSign(), this::take);
        }
    }

    private static void assertStreamed(HttpExchange exchange, StreamEnd end, String cause) {
        assertThat(exchange).isInstanceOfSatisfying(Streamed.class, streamed -> {
            assertThat(streamed.end()).isEqualTo(end);
            assertThat(streamed.cause()).contains(cause);
            assertThat(streamed.status()).isEqualTo(200);
            assertThat(streamed.headers().get("x-mark")).isEqualTo("1");
            assertThat(streamed.firstByte()).isPositive().isLessThanOrEqualTo(streamed.total());
        });
    }

    @Test
    void piecesAreHandedOnBeforeTheEnd() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        RawServer.Behaviour inTwoParts = (_, out) -> {
            RawServer.write(out, HEAD + chunk("one "));
            seen.await();
            RawServer.write(out, chunk("two") + END);
        };
        try (RawServer server = new RawServer(inTwoParts);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpExchange> exchange =
                    threads.submit(() -> post(server.address(), PATIENT, new StopSign(), this::take));
            assertThat(taken.take()).isEqualTo("one ");
            assertThat(exchange.isDone()).isFalse();
            seen.countDown();
            assertStreamed(exchange.get(), StreamEnd.CLOSED, "");
            assertThat(taken).containsExactly("two");
        }
    }

    @Test
    void nothingIsLostOnTheWay() throws IOException {
        String whole = "some words to be sent ".repeat(5_000);
        RawServer.Behaviour many = (_, out) -> {
            RawServer.write(out, HEAD);
            for (int i = 0; i < whole.length(); i += 110) {
                RawServer.write(out, chunk(whole.substring(i, i + 110)));
            }
            RawServer.write(out, END);
        };
        assertStreamed(post(many, PATIENT), StreamEnd.CLOSED, "");
        assertThat(taken.stream().collect(Collectors.joining())).isEqualTo(whole);
    }

    @Test
    void aStreamThatPausesTooLongIsGivenUp() throws Exception {
        try (RawServer server = new RawServer(thenSilence("one"))) {
            assertStreamed(
                    post(server.address(), IMPATIENT, new StopSign(), this::take),
                    StreamEnd.TIMED_OUT,
                    "paused for more than 300 ms");
            assertThat(taken).containsExactly("one");
            await().until(() -> server.gone() == 1);
        }
    }

    /// However long the whole takes, no pause of it is too long; comments count as signs of life.
    @Test
    void aStreamThatGoesOnIsNotGivenUp() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        RawServer.Behaviour slow = (_, out) -> {
            RawServer.write(out, HEAD);
            for (int i = 0; i < 8; i++) {
                assertThat(never.await(300, TimeUnit.MILLISECONDS)).isFalse();
                RawServer.write(out, chunk(":\n"));
            }
            RawServer.write(out, END);
        };
        Timeouts timeouts = new Timeouts(LONG, LONG, Duration.ofSeconds(2), LONG);
        assertStreamed(post(slow, timeouts), StreamEnd.CLOSED, "");
        assertThat(taken).hasSize(8);
    }

    @Test
    void aConnectionThatIsCutBreaksTheStream() throws IOException {
        RawServer.Behaviour cut = (connection, out) -> {
            RawServer.write(out, HEAD + chunk("one"));
            connection.close();
        };
        assertStreamed(post(cut, PATIENT), StreamEnd.BROKEN, "");
        assertThat(taken).containsExactly("one");
    }

    @Test
    void aConnectionThatIsCutBeforeTheStreamBeganIsLost() throws IOException {
        assertThat(post((connection, _) -> connection.close(), PATIENT)).isInstanceOf(Lost.class);
    }

    @Test
    void aStopInTheMiddleEndsItAndTellsTheProvider() throws Exception {
        try (RawServer server = new RawServer(thenSilence("one"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            StopSign stop = new StopSign();
            Future<HttpExchange> exchange = threads.submit(() -> post(server.address(), PATIENT, stop, this::take));
            assertThat(taken.take()).isEqualTo("one");
            stop.raise(Interruption.CANCEL);
            assertThat(exchange.get()).isEqualTo(new Stopped(Interruption.CANCEL, true));
            await().until(() -> server.gone() == 1);
        }
    }

    @Test
    void whatIsNoStreamIsWhole() throws IOException {
        String json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        String error = "HTTP/1.1 429 Slow\r\nContent-Type: text/event-stream\r\nContent-Length: 2\r\n\r\n{}";
        for (String answer : new String[] {json, error}) {
            assertThat(post((_, out) -> RawServer.write(out, answer), PATIENT))
                    .isInstanceOfSatisfying(
                            Answered.class,
                            answered -> assertThat(answered.body()).asString().isEqualTo("{}"));
        }
        assertThat(taken).isEmpty();
    }

    @Test
    void aStreamLongerThanTheLimitIsGivenUp() throws IOException {
        RawServer.Behaviour endless = (_, out) -> {
            RawServer.write(out, HEAD);
            String piece = chunk(" ".repeat(64 * 1024));
            for (int i = 0; i < 10_000; i++) {
                RawServer.write(out, piece);
            }
        };
        try (RawServer server = new RawServer(endless)) {
            assertThat(post(server.address(), PATIENT, new StopSign(), _ -> true))
                    .isEqualTo(new TooLong(200, HttpCaller.LONGEST_ANSWER_BYTES));
        }
    }

    @Test
    void whoeverHasEnoughDoesNotWaitForTheEnd() throws IOException {
        try (RawServer server = new RawServer(thenSilence("all there is"))) {
            assertStreamed(
                    post(server.address(), PATIENT, new StopSign(), _ -> false),
                    StreamEnd.TIMED_OUT,
                    "did not end within 1000 ms");
        }
    }

    @Test
    void aTakerThatFailsLeavesNoCallBehind() throws IOException {
        try (RawServer server = new RawServer(thenSilence("one"))) {
            assertThatThrownBy(() -> post(server.address(), PATIENT, new StopSign(), _ -> {
                        throw new IllegalStateException("a bug");
                    }))
                    .hasMessage("a bug");
            await().until(() -> server.gone() == 1);
        }
    }

    @Test
    void aStreamThatEndsLeavesItsConnectionToTheNextCall() throws IOException {
        RawServer.Behaviour whole = (_, out) -> RawServer.write(out, HEAD + chunk("one") + END);
        try (RawServer server = new RawServer(whole);
                HttpCaller caller = VERTX.caller(LONG)) {
            for (int i = 0; i < 20; i++) {
                assertStreamed(
                        caller.post(server.address(), Map.of(), ASK, PATIENT, new StopSign(), _ -> false),
                        StreamEnd.CLOSED,
                        "");
            }
            assertThat(server.requests()).isEqualTo(20);
            assertThat(server.connections()).isLessThanOrEqualTo(10);
        }
    }
}
