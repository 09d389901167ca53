package dev.longshore.bench.load;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Callers that post the same request over and over, each on a connection of its own and each waiting for its
/// answer before the next. Requests are bytes made once and answers are read no further than to their end, so
/// that a call costs the generator a few microseconds.
public final class ClosedLoop {
    private static final long SLOWEST_MICROS = Duration.ofMinutes(2).toNanos() / 1_000;
    private static final long RECONNECT_MS = 20;
    private static final Duration WARM_RUN = Duration.ofSeconds(2);
    private static final double HARDLY = 1.05;
    /// How long the last answers may take after the time is over.
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(60);

    private final Vertx vertx;
    private final Target target;
    private final AtomicLong accepted = new AtomicLong();

    public ClosedLoop(Vertx vertx, Target target) {
        this.vertx = vertx;
        this.target = target;
    }

    /// What a run of load saw.
    ///
    /// @param accepted answers with status 202
    /// @param others answers with any other status
    /// @param broken calls that ended without a whole answer, and connections that were refused
    /// @param seconds from the first request to the last answer
    /// @param micros how long each answer took
    public record Load(long accepted, long others, long broken, double seconds, Histogram micros) {
        /// Accepted calls a second.
        public double rate() {
            return accepted / seconds;
        }
    }

    /// How many calls were accepted so far, in all runs; for those who look on.
    public long accepted() {
        return accepted.get();
    }

    /// Runs for a few seconds at a time until it is hardly faster than before, or the limit is reached:
    /// compilers on both sides have done their work then.
    public void warmUp(int connections, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        double best = run(connections, WARM_RUN).rate();
        // Twice, since a pause of the machine looks like the end of progress, too.
        for (int calm = 0; calm < 2 && System.nanoTime() - end < 0; ) {
            double rate = run(connections, WARM_RUN).rate();
            calm = rate > best * HARDLY ? 0 : calm + 1;
            best = Math.max(best, rate);
        }
    }

    /// Runs until the time is over and every connection has had its last answer.
    ///
    /// @throws IllegalStateException when last answers do not come for a minute
    public Load run(int connections, Duration time) {
        return run(connections, Long.MAX_VALUE, time);
    }

    /// Runs until that many calls were begun, or the time is over.
    public Load run(int connections, long calls, Duration time) {
        NetClient client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
        Run run = new Run(client, connections, calls, time);
        for (int i = 0; i < connections; i++) {
            new Caller(run).connect();
        }
        try {
            run.over.get(time.plus(LAST_ANSWERS).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(
                    run.open.get() + " of " + connections + " callers on " + target
                            + " never had their last answer; accepted " + run.yes.get() + ", refused " + run.no.get()
                            + ", broken " + run.broken.get(),
                    e);
        } finally {
            client.close();
        }
        double seconds = (System.nanoTime() - run.begun) / 1e9;
        return new Load(run.yes.get(), run.no.get(), run.broken.get(), seconds, run.micros);
    }

    private static final class Run {
        final NetClient client;
        final AtomicLong left;
        final AtomicInteger open;
        final AtomicLong yes = new AtomicLong();
        final AtomicLong no = new AtomicLong();
        final AtomicLong broken = new AtomicLong();
        final Histogram micros = new ConcurrentHistogram(SLOWEST_MICROS, 3);
        final CompletableFuture<Void> over = new CompletableFuture<>();
        final long begun = System.nanoTime();
        final long end;

        Run(NetClient client, int connections, long calls, Duration time) {
            this.client = client;
            left = new AtomicLong(calls);
            open = new AtomicInteger(connections);
            end = begun + time.toNanos();
        }

        boolean goesOn() {
            return System.nanoTime() - end < 0 && left.get() > 0;
        }

        boolean takeOne() {
            return System.nanoTime() - end < 0 && left.getAndDecrement() > 0;
        }

        void callerIsDone() {
            if (open.decrementAndGet() == 0) {
                over.complete(null);
            }
        }
    }

    /// One caller. While a connection stands, all of it runs on the connection's event loop.
    private final class Caller {
        private final Run run;
        private final AnswerReader answer = new AnswerReader();
        private boolean waiting;
        private boolean ended;
        private long sentAt;

        Caller(Run run) {
            this.run = run;
        }

        void connect() {
            run.client
                    .connect(target.port(), "127.0.0.1")
                    .onSuccess(this::connected)
                    .onFailure(_ -> {
                        run.broken.incrementAndGet();
                        again();
                    });
        }

        private void again() {
            if (run.goesOn()) {
                vertx.setTimer(RECONNECT_MS, _ -> connect());
            } else {
                done();
            }
        }

        private void connected(NetSocket socket) {
            answer.next();
            socket.handler(piece -> piece(socket, piece));
            socket.exceptionHandler(_ -> {});
            socket.closeHandler(_ -> closed());
            call(socket);
        }

        private void call(NetSocket socket) {
            if (!run.takeOne()) {
                done();
                socket.close();
                return;
            }
            waiting = true;
            sentAt = System.nanoTime();
            socket.write(target.request());
        }

        private void piece(NetSocket socket, Buffer piece) {
            try {
                if (!answer.take(piece)) {
                    return;
                }
            } catch (IllegalArgumentException _) {
                // Counted as broken when the close comes back.
                socket.close();
                return;
            }
            answered();
            if (answer.isLast()) {
                socket.close();
            } else {
                answer.next();
                call(socket);
            }
        }

        private void answered() {
            waiting = false;
            if (answer.status() == 202) {
                run.yes.incrementAndGet();
                accepted.incrementAndGet();
            } else {
                run.no.incrementAndGet();
            }
            run.micros.recordValue(Math.min(SLOWEST_MICROS, (System.nanoTime() - sentAt) / 1_000));
        }

        private void closed() {
            if (ended) {
                return;
            }
            if (waiting && answer.close()) {
                answered();
            } else if (waiting) {
                waiting = false;
                run.broken.incrementAndGet();
            }
            again();
        }

        private void done() {
            if (!ended) {
                ended = true;
                run.callerIsDone();
            }
        }
    }
}
