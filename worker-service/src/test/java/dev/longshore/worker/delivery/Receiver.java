package dev.longshore.worker.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longshore.webhook.Verification;
import dev.longshore.webhook.VerifyingKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A customer's server: remembers what it was sent and answers as the test says.
final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private volatile Behaviour behaviour;

    /// How it answers; may wait as long as it likes.
    @FunctionalInterface
    interface Behaviour {
        Reply reply(Call call) throws Exception;
    }

    /// @param headers names and values in turn
    record Reply(int status, String body, String... headers) {
        static final Reply OK = new Reply(200, "taken");
    }

    /// One request.
    ///
    /// @param order which one it was, from 1
    record Call(int order, Instant at, String id, String timestamp, String signature, String body) {
        Verification verified(VerifyingKey key) {
            return Verification.of(id, timestamp, signature, body.getBytes(StandardCharsets.UTF_8), List.of(key), at);
        }
    }

    Receiver(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1_000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    static Receiver good() throws IOException {
        return new Receiver(_ -> Reply.OK);
    }

    private void serve(HttpExchange exchange) throws IOException {
        int now = open.incrementAndGet();
        mostOpen.accumulateAndGet(now, Math::max);
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            var headers = exchange.getRequestHeaders();
            Call call;
            synchronized (calls) {
                call = new Call(
                        calls.size() + 1,
                        Instant.now(),
                        headers.getFirst("webhook-id"),
                        headers.getFirst("webhook-timestamp"),
                        headers.getFirst("webhook-signature"),
                        new String(body, StandardCharsets.UTF_8));
                calls.add(call);
            }
            Reply reply = behaviour.reply(call);
            for (int i = 0; i < reply.headers().length; i += 2) {
                exchange.getResponseHeaders().add(reply.headers()[i], reply.headers()[i + 1]);
            }
            byte[] answer = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        } finally {
            open.decrementAndGet();
        }
    }

    void behave(Behaviour other) {
        behaviour = other;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    int open() {
        return open.get();
    }

    int mostOpen() {
        return mostOpen.get();
    }

    /// From now on connections to it are refused.
    void stop() {
        server.stop(0);
    }

    @Override
    public void close() {
        stop();
    }
}
