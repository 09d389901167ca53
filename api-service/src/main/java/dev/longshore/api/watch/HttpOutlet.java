package dev.longshore.api.watch;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Sends events as an HTTP answer without an end. What the connection does not take at once is held here, where it is
/// shared with others who are told the same, and only up to a bound: whoever falls behind it is parted with.
///
/// Everything is written on the connection's event loop; all else may be called from anywhere.
final class HttpOutlet implements Outlet {
    /// Bytes that a reader may be behind, beside the event that is being sent.
    static final int MOST_BEHIND = 256 * 1024;

    /// How long a connection may take nothing.
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /// As long, when all readers together are behind by more than they may be.
    private static final Duration IMPATIENCE = Duration.ofSeconds(1);

    /// Bytes that are handed to the connection at once, so that a large result does not lie there whole.
    private static final int SLICE = 64 * 1024;

    /// How long a last word may take to be read before the connection is closed over it.
    private static final long LAST_WORD_MILLIS = 2_000;

    private final HttpServerResponse response;
    private final HttpConnection connection;
    private final Context home;
    private final Backlog backlog;
    private final EventMetrics metrics;
    private final Duration heartbeat;
    private final LongSupplier nanos;
    private final Runnable parted;
    private final Deque<Buffer> held = new ArrayDeque<>();
    /// How much of the first of them is sent.
    private int sent;

    private long behind;
    private boolean flushing;
    private boolean writing;
    private boolean ending;
    private @Nullable Parting parting;
    private long movedAt;

    /// How much all readers of an instance are behind.
    record Backlog(AtomicLong bytes, long most) {
        boolean isFull() {
            return bytes.get() > most;
        }
    }

    /// @param home the connection's context
    /// @param heartbeat after how long without an event something is sent nevertheless
    /// @param parted runs when the reader was too slow
    HttpOutlet(
            HttpServerResponse response,
            HttpConnection connection,
            Context home,
            Backlog backlog,
            EventMetrics metrics,
            Duration heartbeat,
            LongSupplier nanos,
            Runnable parted) {
        this.response = response;
        this.connection = connection;
        this.home = home;
        this.backlog = backlog;
        this.metrics = metrics;
        this.heartbeat = heartbeat;
        this.nanos = nanos;
        this.parted = parted;
        movedAt = nanos.getAsLong();
        response.drainHandler(_ -> flush());
    }

    @Override
    public synchronized void send(Buffer event) {
        if (ending) {
            return;
        }
        Buffer first = held.peek();
        if (first != null && !flushing && behind - (first.length() - sent) > MOST_BEHIND) {
            tooSlow();
            return;
        }
        held.add(event);
        behind += event.length();
        backlog.bytes().addAndGet(event.length());
        flushSoon();
    }

    @Override
    public synchronized void end() {
        ending = true;
        flushSoon();
    }

    @Override
    public synchronized void part(Parting why) {
        if (parting == null) {
            ending = true;
            parting = why;
            forget();
            flushSoon();
        }
    }

    @Override
    public synchronized void tend(long now) {
        if (ending) {
            return;
        }
        long still = now - movedAt;
        if (held.isEmpty()) {
            if (still >= heartbeat.toNanos()) {
                send(Frames.HEARTBEAT);
            }
        } else if (still > (backlog.isFull() ? IMPATIENCE : PATIENCE).toNanos()) {
            tooSlow();
        }
    }

    private void tooSlow() {
        metrics.cut();
        part(Parting.TOO_SLOW);
        parted.run();
    }

    /// Nothing of it will be sent any more.
    synchronized void forget() {
        backlog.bytes().addAndGet(-behind);
        behind = 0;
        sent = 0;
        held.clear();
    }

    private void flushSoon() {
        if (!flushing) {
            flushing = true;
            home.runOnContext(_ -> flush());
        }
    }

    private synchronized void flush() {
        flushing = false;
        if (writing) {
            // The queue ran empty under our hands; the writing that it ran empty in goes on by itself.
            return;
        }
        writing = true;
        try {
            write();
        } finally {
            writing = false;
        }
    }

    private void write() {
        if (response.ended() || response.closed()) {
            forget();
            return;
        }
        if (parting != null) {
            sayLastWord(parting);
            return;
        }
        for (Buffer event = held.peek(); event != null && !response.writeQueueFull(); event = held.peek()) {
            int size = Math.min(SLICE, event.length() - sent);
            response.write(event.length() == size ? event : event.slice(sent, sent + size));
            sent += size;
            behind -= size;
            backlog.bytes().addAndGet(-size);
            movedAt = nanos.getAsLong();
            if (sent == event.length()) {
                held.poll();
                sent = 0;
            }
        }
        if (ending && held.isEmpty()) {
            response.end();
        }
    }

    private void sayLastWord(Parting why) {
        response.write(why.comment());
        response.end().onComplete(_ -> connection.close());
        home.owner().setTimer(LAST_WORD_MILLIS, _ -> connection.close());
    }
}
