package dev.longshore.cli.listen;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longshore.webhook.Signature;
import dev.longshore.webhook.Verification;
import dev.longshore.webhook.VerifyingKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A server on the loopback address that takes webhooks on any path and believes only those that are signed.
public final class Receiver implements AutoCloseable {
    /// Beyond any event of the server, which leaves long results out.
    static final int LARGEST_BODY = 4 * 1024 * 1024;

    private static final int TOO_LARGE = 413;
    private static final int NOT_ALLOWED = 405;
    private static final int BROKEN = 500;
    private static final int BACKLOG = 128;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final InstantSource clock;
    private final Taker taker;
    private final Seen seen = new Seen();
    private volatile List<VerifyingKey> keys = List.of();

    private Receiver(HttpServer server, InstantSource clock, Taker taker) {
        this.server = server;
        this.clock = clock;
        this.taker = taker;
    }

    /// Begins to listen; believes nobody before [#believe].
    ///
    /// @param port 0 for a free one
    /// @throws IOException when the port is taken
    public static Receiver start(int port, InstantSource clock, Taker taker) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        Receiver receiver = new Receiver(server, clock, taker);
        server.setExecutor(receiver.threads);
        server.createContext("/", receiver::handle);
        server.start();
        return receiver;
    }

    /// From now on calls that are signed with one of these keys are believed.
    public void believe(List<VerifyingKey> theirs) {
        keys = List.copyOf(theirs);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            exchange.sendResponseHeaders(status(exchange), -1);
        } catch (IOException _) {
            // The caller has gone; it will come again.
        }
    }

    private int status(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            return NOT_ALLOWED;
        }
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            return TOO_LARGE;
        }
        Map<String, String> headers = new HashMap<>();
        for (String name :
                List.of(Signature.ID_HEADER, Signature.TIMESTAMP_HEADER, Signature.SIGNATURE_HEADER, "content-type")) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        return taken(headers, body);
    }

    private int taken(Map<String, String> headers, byte[] body) {
        String id = headers.getOrDefault(Signature.ID_HEADER, "");
        Verification verification = Verification.of(
                id,
                headers.getOrDefault(Signature.TIMESTAMP_HEADER, ""),
                headers.getOrDefault(Signature.SIGNATURE_HEADER, ""),
                body,
                keys,
                clock.instant());
        Arrival arrival = new Arrival(headers, body, verification, seen.has(id));
        try {
            int status = taker.take(arrival);
            if (status < 300 && arrival.isGenuine()) {
                seen.add(id);
            }
            return status;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return BROKEN;
        }
    }
}
