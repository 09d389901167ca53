package dev.longshore.worker.provider;

import dev.longshore.worker.provider.HttpExchange.Answered;
import dev.longshore.worker.provider.HttpExchange.Lost;
import dev.longshore.worker.provider.HttpExchange.NeverSent;
import dev.longshore.worker.provider.HttpExchange.Stopped;
import dev.longshore.worker.provider.HttpExchange.StreamEnd;
import dev.longshore.worker.provider.HttpExchange.Streamed;
import dev.longshore.worker.provider.HttpExchange.TooLong;
import dev.longshore.worker.slots.StopSign;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One exchange from its start to whichever end comes first: the answer, a failure, a time limit or a
/// stop sign. The first end is the end; everything later is ignored and the connection is given up.
///
/// Fields are guarded by the object: Vert.x calls back on event loops, stop signs come from anywhere.
final class ExchangeInProgress {
    private static final long NO_TIMER = -1;
    private static final int OK = 200;

    /// How long a stream may take to end once nothing more is wanted of it. One that ends leaves its connection
    /// to the next call.
    private static final Duration AFTERWARDS = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Timeouts timeouts;
    private final int longestAnswer;
    private final CompletableFuture<HttpExchange> end = new CompletableFuture<>();
    /// Only for a stream: thousands of calls that want none would carry it about.
    private final @Nullable Handover handover;
    private final long startedNanos = System.nanoTime();

    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private @Nullable Buffer body;
    private boolean streams;
    private long length;
    private boolean sent;
    private boolean enough;
    private long enoughNanos;
    private long sentNanos = startedNanos;
    private long headNanos;
    private long lastPieceNanos;
    private long timer = NO_TIMER;
    private long ringsAtNanos;

    /// @param streamWanted whether a stream of events is to be handed on piece by piece
    ExchangeInProgress(Vertx vertx, Timeouts timeouts, int longestAnswer, boolean streamWanted) {
        this.vertx = vertx;
        this.timeouts = timeouts;
        this.longestAnswer = longestAnswer;
        handover = streamWanted ? new Handover() : null;
        if (handover != null) {
            end.thenRun(handover::end);
        }
    }

    HttpExchange end() {
        return end.join();
    }

    /// The same, but hands on the pieces of a stream until then.
    HttpExchange end(HttpCaller.Pieces taker) {
        try {
            Objects.requireNonNull(handover, "a stream was wanted").into(taker, this::enough);
        } finally {
            // One that throws must not leave a call behind.
            finish(() -> unfinished("nobody took the answer", false));
        }
        return end.join();
    }

    private void enough() {
        synchronized (this) {
            enough = true;
            enoughNanos = System.nanoTime();
        }
        rewind();
    }

    void start(HttpClient client, RequestOptions options, Buffer json, StopSign stop) {
        arm(nextLimit());
        stop.whenRaised().thenAccept(why -> finish(() -> new Stopped(why, sent)));
        client.request(options).onFailure(this::failed).onSuccess(open -> send(open, json));
    }

    private void send(HttpClientRequest open, Buffer json) {
        synchronized (this) {
            request = open;
            if (end.isDone()) {
                open.reset();
                return;
            }
            sent = true;
            sentNanos = System.nanoTime();
        }
        rewind();
        open.response().onFailure(this::failed).onSuccess(this::receive);
        open.send(json).onFailure(this::failed);
    }

    private void receive(HttpClientResponse head) {
        synchronized (this) {
            response = head;
            headNanos = System.nanoTime();
            lastPieceNanos = headNanos;
            streams = handover != null && head.statusCode() == OK && isEventStream(head);
            body = Buffer.buffer();
        }
        rewind();
        head.exceptionHandler(this::failed);
        head.handler(this::piece);
        head.endHandler(_ -> finish(() -> streams ? streamed(head, StreamEnd.CLOSED, "") : answer(head)));
    }

    private static boolean isEventStream(HttpClientResponse head) {
        String type = head.getHeader("content-type");
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }

    private void piece(Buffer piece) {
        synchronized (this) {
            lastPieceNanos = System.nanoTime();
            length += piece.length();
            if (length <= longestAnswer) {
                if (streams && handover != null) {
                    handover.put(piece.getBytes());
                } else if (body != null) {
                    body.appendBuffer(piece);
                }
                return;
            }
        }
        finish(() -> new TooLong(response == null ? 0 : response.statusCode(), longestAnswer));
    }

    private HttpExchange answer(HttpClientResponse head) {
        byte[] bytes = body == null ? new byte[0] : body.getBytes();
        return new Answered(head.statusCode(), head.headers(), bytes, firstByte(), total());
    }

    private HttpExchange streamed(HttpClientResponse head, StreamEnd how, String cause) {
        return new Streamed(head.statusCode(), head.headers(), firstByte(), total(), how, cause);
    }

    /// What to call an end before the answer was whole.
    private HttpExchange unfinished(String cause, boolean timedOut) {
        if (streams && response != null) {
            return streamed(response, timedOut ? StreamEnd.TIMED_OUT : StreamEnd.BROKEN, cause);
        }
        return sent ? new Lost(cause, timedOut) : new NeverSent(cause);
    }

    private Duration firstByte() {
        return Duration.ofNanos(headNanos - sentNanos);
    }

    private Duration total() {
        return Duration.ofNanos(System.nanoTime() - sentNanos);
    }

    private void failed(Throwable cause) {
        String what = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        finish(() -> unfinished(what, false));
    }

    /// @param ending what to call this end. Decided and done in one step: a request that left between the two
    ///     would be a call of which nobody knows
    private void finish(Supplier<HttpExchange> ending) {
        HttpExchange how;
        HttpClientRequest toReset;
        synchronized (this) {
            if (end.isDone()) {
                return;
            }
            how = ending.get();
            if (timer != NO_TIMER) {
                vertx.cancelTimer(timer);
                timer = NO_TIMER;
            }
            body = null;
            toReset = isWhole(how) ? null : request;
            end.complete(how);
        }
        if (toReset != null) {
            // Closes the connection, which tells the provider that nobody listens any more.
            toReset.reset();
        }
    }

    private static boolean isWhole(HttpExchange how) {
        return how instanceof Answered || how instanceof Streamed streamed && streamed.end() == StreamEnd.CLOSED;
    }

    /// One timer serves all limits. It is wound anew only when a limit of another kind ends before it rings, and
    /// again when it rings too early: a call that goes well winds it once, which matters when there are thousands.
    private void ring() {
        Limit due;
        synchronized (this) {
            timer = NO_TIMER;
            due = nextLimit();
            if (due.atNanos() - System.nanoTime() > 0) {
                arm(due);
                return;
            }
        }
        finish(() -> unfinished(due.what().get(), true));
    }

    private synchronized void rewind() {
        Limit next = nextLimit();
        if (timer != NO_TIMER) {
            if (next.atNanos() - ringsAtNanos >= 0) {
                return;
            }
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
        arm(next);
    }

    /// @param atNanos on the monotonic clock
    private record Limit(long atNanos, Supplier<String> what) {
        Limit(long sinceNanos, Duration patience, Function<Long, String> what) {
            this(sinceNanos + patience.toNanos(), () -> what.apply(patience.toMillis()));
        }
    }

    private synchronized Limit nextLimit() {
        Limit whole = new Limit(startedNanos, timeouts.attempt(), millis -> "no whole answer within " + millis + " ms");
        Limit part;
        if (!sent) {
            // Waiting for a place in the pool counts as connecting; the client's own limit covers the
            // handshake.
            part = new Limit(
                    startedNanos,
                    timeouts.connect().multipliedBy(2),
                    millis -> "no connection within " + millis + " ms");
        } else if (response == null) {
            part = new Limit(sentNanos, timeouts.firstByte(), millis -> "no answer within " + millis + " ms");
        } else if (enough) {
            part = new Limit(enoughNanos, AFTERWARDS, millis -> "the stream did not end within " + millis + " ms");
        } else {
            part = new Limit(
                    lastPieceNanos, timeouts.idle(), millis -> "the answer paused for more than " + millis + " ms");
        }
        return part.atNanos() - whole.atNanos() < 0 ? part : whole;
    }

    private synchronized void arm(Limit limit) {
        if (!end.isDone()) {
            ringsAtNanos = limit.atNanos();
            long millis = Math.max(1, (ringsAtNanos - System.nanoTime()) / 1_000_000 + 1);
            timer = vertx.setTimer(millis, _ -> ring());
        }
    }
}
