package dev.longshore.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Posts the same request over and over on a number of connections, each waiting for its answer before
/// the next: a closed loop. Requests are bytes made once and answers are read no further than their
/// status and length, so that the generator costs a few microseconds a call.
final class LoadGenerator {
    private static final long SLOWEST_MICROS = Duration.ofMinutes(2).toNanos() / 1_000;

    private final Vertx vertx;
    private final int port;
    private final Buffer request;

    /// @param json the body of each request
    LoadGenerator(Vertx vertx, int port, String path, String key, String json) {
        this.vertx = vertx;
        this.port = port;
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        request = Buffer.buffer("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                .appendBytes(body);
    }

    /// What a run of load saw.
    ///
    /// @param accepted answers with status 202
    /// @param others answers with any other status
    record Load(long accepted, long others, double seconds, Histogram micros) {
        double rate() {
            return accepted / seconds;
        }
    }

    /// Runs the loop until the time is over and every connection has had its last answer.
    Load run(int connections, Duration time) {
        NetClient client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
        AtomicLong accepted = new AtomicLong();
        AtomicLong others = new AtomicLong();
        AtomicInteger open = new AtomicInteger(connections);
        Histogram micros = new ConcurrentHistogram(SLOWEST_MICROS, 3);
        CompletableFuture<Void> over = new CompletableFuture<>();
        long begun = System.nanoTime();
        long end = begun + time.toNanos();
        for (int i = 0; i < connections; i++) {
            client.connect(port, "127.0.0.1")
                    .onFailure(over::completeExceptionally)
                    .onSuccess(socket -> new Caller(socket, end, accepted, others, micros, () -> {
                                if (open.decrementAndGet() == 0) {
                                    over.complete(null);
                                }
                            })
                            .call());
        }
        over.join();
        double seconds = (System.nanoTime() - begun) / 1e9;
        client.close();
        return new Load(accepted.get(), others.get(), seconds, micros);
    }

    /// One connection. All of it runs on the connection's event loop.
    private final class Caller {
        private final NetSocket socket;
        private final long end;
        private final AtomicLong accepted;
        private final AtomicLong others;
        private final Histogram micros;
        private final Runnable whenDone;
        private Buffer answer = Buffer.buffer();
        private long sentAt;

        Caller(
                NetSocket socket,
                long end,
                AtomicLong accepted,
                AtomicLong others,
                Histogram micros,
                Runnable whenDone) {
            this.socket = socket;
            this.end = end;
            this.accepted = accepted;
            this.others = others;
            this.micros = micros;
            this.whenDone = whenDone;
            socket.handler(this::piece);
        }

        void call() {
            sentAt = System.nanoTime();
            socket.write(request);
        }

        private void piece(Buffer piece) {
            answer = answer.length() == 0 ? piece : answer.appendBuffer(piece);
            int whole = wholeLength(answer);
            if (whole < 0 || answer.length() < whole) {
                return;
            }
            boolean yes = answer.getByte(9) == '2' && answer.getByte(11) == '2';
            (yes ? accepted : others).incrementAndGet();
            micros.recordValue(Math.min(SLOWEST_MICROS, (System.nanoTime() - sentAt) / 1_000));
            answer = Buffer.buffer();
            if (System.nanoTime() < end) {
                call();
            } else {
                socket.close();
                whenDone.run();
            }
        }
    }

    /// The length of head and body together; negative while the head is not whole.
    static int wholeLength(Buffer answer) {
        String head = answer.getString(0, Math.min(answer.length(), 4_096), "ISO-8859-1");
        int headEnd = head.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            return -1;
        }
        int length = head.regionMatches(true, 0, "HTTP/1.1", 0, 8) ? indexOfLength(head) : -1;
        if (length < 0 || length > headEnd) {
            return headEnd + 4;
        }
        int lineEnd = head.indexOf("\r\n", length);
        return headEnd + 4 + Integer.parseInt(head, length, lineEnd, 10);
    }

    private static int indexOfLength(String head) {
        String name = "content-length: ";
        for (int at = head.indexOf("\r\n"); at >= 0; at = head.indexOf("\r\n", at + 2)) {
            if (head.regionMatches(true, at + 2, name, 0, name.length())) {
                return at + 2 + name.length();
            }
        }
        return -1;
    }
}
