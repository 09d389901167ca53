package dev.longshore.bench.load;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// Callers who ask for jobs and wait until they are over, each over a socket of its own.
public final class Waiters implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    private final NetClient client;
    private final int port;
    private final String key;
    private final Answered answered;

    /// Is told of each answer.
    @FunctionalInterface
    public interface Answered {
        /// @param waiter which, from 0
        /// @param nanos when, on the clock of [System#nanoTime]
        void answered(int waiter, long nanos);
    }

    public Waiters(Vertx vertx, int port, String key, Answered answered) {
        client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
        this.port = port;
        this.key = key;
        this.answered = answered;
    }

    /// Returns when each of the jobs has been asked for.
    public void waitFor(List<String> jobs) {
        CompletableFuture<Void> all = new CompletableFuture<>();
        AtomicInteger asked = new AtomicInteger();
        for (int i = 0; i < jobs.size(); i++) {
            int waiter = i;
            Buffer request = Buffer.buffer("GET /v1/jobs/" + jobs.get(i)
                    + "?wait=60 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key + "\r\n\r\n");
            client.connect(port, "127.0.0.1")
                    .onFailure(all::completeExceptionally)
                    .onSuccess(socket -> {
                        AnswerReader reader = new AnswerReader();
                        socket.exceptionHandler(_ -> {});
                        socket.handler(piece -> {
                            if (reader.take(piece)) {
                                answered.answered(waiter, System.nanoTime());
                            }
                        });
                        socket.write(request).onSuccess(_ -> {
                            if (asked.incrementAndGet() == jobs.size()) {
                                all.complete(null);
                            }
                        });
                    });
        }
        try {
            all.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("not everybody who wants to wait could ask", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
