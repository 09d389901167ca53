package dev.longshore.bench.load;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// Readers of events, each over a socket of its own.
public final class EventReaders implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Readers that may be on their way in at once.
    private static final int TOGETHER = 64;

    private final NetClient client;
    private final int port;
    private final String key;
    private final Hearer hearer;
    private final ConcurrentLinkedQueue<NetSocket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lost = new AtomicInteger();

    /// Is told of each event when it has arrived, on several threads.
    @FunctionalInterface
    public interface Hearer {
        /// @param reader which, from 0
        /// @param frame the event's lines, and perhaps something of HTTP before them
        /// @param nanos when, on the clock of [System#nanoTime]
        void hear(int reader, String frame, long nanos);
    }

    /// @param port of the API
    /// @param key the API key
    public EventReaders(Vertx vertx, int port, String key, Hearer hearer) {
        client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
        this.port = port;
        this.key = key;
        this.hearer = hearer;
    }

    /// Has each of the jobs followed by a reader, and returns when all have been told something.
    ///
    /// @throws IllegalStateException when that takes a minute
    public void follow(List<String> jobs) {
        Semaphore room = new Semaphore(TOGETHER);
        CompletableFuture<Void> all = new CompletableFuture<>();
        AtomicInteger begun = new AtomicInteger();
        try {
            for (int i = 0; i < jobs.size(); i++) {
                int reader = i;
                String job = jobs.get(i);
                if (!room.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new TimeoutException();
                }
                client.connect(port, "127.0.0.1")
                        .onFailure(all::completeExceptionally)
                        .onSuccess(socket -> begin(reader, job, socket, () -> {
                            room.release();
                            if (begun.incrementAndGet() == jobs.size()) {
                                all.complete(null);
                            }
                        }));
            }
            all.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "only " + begun.get() + " of " + jobs.size() + " readers were told anything", e);
        }
    }

    /// How many connections ended before [#close].
    public int lost() {
        return lost.get();
    }

    private void begin(int reader, String job, NetSocket socket, Runnable told) {
        sockets.add(socket);
        socket.exceptionHandler(_ -> {});
        socket.closeHandler(_ -> lost.incrementAndGet());
        boolean[] first = {true};
        RecordParser frames = RecordParser.newDelimited("\n\n", frame -> {
            long now = System.nanoTime();
            String text = frame.toString();
            if (text.contains("event: ")) {
                if (first[0]) {
                    first[0] = false;
                    told.run();
                }
                hearer.hear(reader, text, now);
            }
        });
        socket.handler(frames);
        socket.write(Buffer.buffer("GET /v1/jobs/" + job
                + "/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key + "\r\n\r\n"));
    }

    /// Closes all connections.
    @Override
    public void close() {
        for (NetSocket socket : sockets) {
            socket.closeHandler(null);
            socket.close();
        }
        client.close();
    }
}
