package dev.longshore.bench.load;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final Queue<NetSocket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lost = new AtomicInteger();

    /// Is told of each event when it has come out of the socket, on several threads.
    @FunctionalInterface
    public interface Hearer {
        /// @param reader which, by its place in the list that [#follow] was given
        /// @param event its lines, and perhaps something of HTTP before them
        /// @param nanos when, on the clock of [System#nanoTime]
        void hear(int reader, String event, long nanos);
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
    /// @throws IllegalStateException when nobody gets in for a minute
    public void follow(List<String> jobs) {
        Semaphore room = new Semaphore(TOGETHER);
        try {
            for (int i = 0; i < jobs.size(); i++) {
                int reader = i;
                takeRoom(room, 1);
                client.connect(port, "127.0.0.1")
                        .onSuccess(socket -> begin(reader, jobs.get(reader), socket, room::release));
            }
            takeRoom(room, TOGETHER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void takeRoom(Semaphore room, int places) throws InterruptedException {
        if (!room.tryAcquire(places, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("not every reader was told anything");
        }
    }

    private void begin(int reader, String job, NetSocket socket, Runnable told) {
        sockets.add(socket);
        socket.exceptionHandler(_ -> {});
        socket.closeHandler(_ -> lost.incrementAndGet());
        AtomicBoolean first = new AtomicBoolean(true);
        socket.handler(RecordParser.newDelimited("\n\n", block -> {
            long now = System.nanoTime();
            String event = block.toString();
            // Comments and the advice when to come back are none.
            if (event.contains("event: ")) {
                hearer.hear(reader, event, now);
                if (first.getAndSet(false)) {
                    told.run();
                }
            }
        }));
        socket.write(Buffer.buffer("GET /v1/jobs/" + job
                + "/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key + "\r\n\r\n"));
    }

    /// How many connections ended before [#close].
    public int lost() {
        return lost.get();
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
