package dev.longshore.simulator;

import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Trouble;
import io.netty.channel.ChannelOption;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One call from its arrival to its end, whichever end that is. Lives on the event loop of its connection.
final class Exchange {

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence EVENTS = HttpHeaders.createOptimized("text/event-stream; charset=utf-8");

    private final Context context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final House house;
    private final CallLog log;
    private final CallEntry entry;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Stamp stamp;
    private @Nullable Limiter owedTo;
    private @Nullable FaultKind fault;
    private @Nullable Runnable atEnd;
    private int status;
    private long timer = -1;
    private boolean over;

    Exchange(
            Context context,
            HttpServerRequest request,
            House house,
            CallLog log,
            CallEntry entry,
            InstantSource clock,
            LongSupplier nanoTime,
            long receivedAtMs) {
        this.context = context;
        this.request = request;
        this.response = request.response();
        this.house = house;
        this.log = log;
        this.entry = entry;
        this.clock = clock;
        this.nanoTime = nanoTime;
        // Unlike any other call's, of this run or another.
        this.stamp = new Stamp(
                hex(Chance.mix(receivedAtMs)) + hex(Chance.mix(entry.number ^ System.identityHashCode(log))),
                receivedAtMs);
        response.closeHandler(_ -> abandoned());
        response.exceptionHandler(_ -> abandoned());
    }

    CallEntry entry() {
        return entry;
    }

    long nowMs() {
        return clock.millis();
    }

    /// A time that only goes forward, in milliseconds from nowhere in particular.
    long steadyMs() {
        return nanoTime.getAsLong() / 1_000_000;
    }

    Stamp stamp() {
        return stamp;
    }

    MultiMap headers() {
        return response.headers();
    }

    /// From now on the call takes a place, which is given back when it ends.
    void owes(Limiter limiter) {
        owedTo = limiter;
        house.allow(response.headers(), limiter.allowances(), stamp.atMs());
    }

    /// The place is kept beyond the end of the call.
    ///
    /// @return gives it back
    Runnable keepPlace() {
        Limiter kept = owedTo;
        owedTo = null;
        return kept == null ? () -> {} : kept::leave;
    }

    void struckBy(FaultKind kind) {
        fault = kind;
    }

    /// Goes on after that many milliseconds, unless the client has left by then.
    void after(long millis, Runnable step) {
        if (millis <= 0) {
            step.run();
        } else {
            timer = context.owner().setTimer(millis, _ -> {
                timer = -1;
                if (!over) {
                    step.run();
                }
            });
        }
    }

    /// Takes the next step on the event loop of this call, unless the client has left by then. For other threads.
    void goOn(Runnable step) {
        context.runOnContext(_ -> {
            if (!over) {
                step.run();
            }
        });
    }

    /// What to do once the call is over.
    void onEnd(Runnable step) {
        atEnd = step;
    }

    /// Answers with an error, worded as the fault wants it, and ends the call.
    void refuse(Trouble trouble, @Nullable Fault worded) {
        int refused = Troubles.complaint(house, trouble, worded).status();
        answer(refused, Troubles.write(house, trouble, worded, stamp));
    }

    /// Refuses a call that is over a limit.
    void turnAway(String model, Limiter limiter, Limiter.Refusal refusal) {
        house.allow(response.headers(), limiter.allowances(), stamp.atMs());
        house.postpone(response.headers(), refusal.retryMs());
        refuse(new Trouble.OverLimit(model, refusal.what(), refusal.limit(), refusal.retryMs()), null);
    }

    /// Answers with one JSON body and ends the call.
    void answer(int withStatus, Buffer body) {
        head(withStatus, JSON);
        settle();
        response.end(body);
    }

    /// Sends status and headers; `length` is the content length, negative for a chunked answer.
    void begin(int withStatus, boolean events, long length) {
        head(withStatus, events ? EVENTS : JSON);
        if (length < 0) {
            response.setChunked(true);
        } else {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
        }
    }

    /// Sends status and headers at once, with nothing after them.
    void flushHead() {
        response.writeHead();
    }

    void write(Buffer part) {
        response.write(part);
    }

    /// Sends the last part and ends the call.
    void finish(Buffer part) {
        settle();
        response.end(part);
    }

    /// Sends the last part and then closes the connection, although more was promised.
    void breakOff(Buffer part) {
        settle();
        response.write(part).onComplete(_ -> request.connection().close());
    }

    /// Closes the connection without an answer.
    void hangUp() {
        settle();
        request.connection().close();
    }

    /// Resets the connection without an answer: with a linger time of nothing, closing sends RST instead of FIN.
    void reset() {
        settle();
        if (request.connection() instanceof ConnectionBase connection) {
            connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        request.connection().close();
    }

    /// Sends parts as fast as the client reads them, `source` giving null after the last.
    void pump(Source source) {
        while (!over) {
            Buffer part = source.next();
            if (part == null) {
                settle();
                response.end();
                return;
            }
            response.write(part);
            if (response.writeQueueFull()) {
                response.drainHandler(_ -> pump(source));
                return;
            }
        }
    }

    /// Gives one part after the other.
    interface Source {
        @Nullable
        Buffer next();
    }

    private void head(int withStatus, CharSequence contentType) {
        status = withStatus;
        response.setStatusCode(withStatus);
        MultiMap headers = response.headers();
        if (!headers.contains(HttpHeaders.CONTENT_TYPE)) {
            headers.set(HttpHeaders.CONTENT_TYPE, contentType);
        }
        house.sign(headers, stamp, Math.max(0, nowMs() - stamp.atMs()));
    }

    /// Ends the call in the books. Done before the last byte is sent, so that a client that has its answer never
    /// finds its own call still open.
    private void settle() {
        end(false);
    }

    private void abandoned() {
        end(true);
    }

    private void end(boolean byClient) {
        if (over) {
            return;
        }
        over = true;
        if (timer >= 0) {
            context.owner().cancelTimer(timer);
        }
        if (owedTo != null) {
            owedTo.leave();
        }
        if (atEnd != null) {
            atEnd.run();
        }
        log.close(entry, status, fault, byClient, nowMs());
    }

    private static String hex(long value) {
        return HexFormat.of().toHexDigits(value);
    }
}
