package dev.longshore.bench.load;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/// A server that answers each request in its own way.
final class OddServer {
    private final NetServer server;
    private final AtomicInteger requests = new AtomicInteger();

    /// @param answer is given the connection and the number of the request, from 1
    OddServer(Vertx vertx, BiConsumer<NetSocket, Integer> answer) {
        server = vertx.createNetServer(
                new NetServerOptions().setHost("127.0.0.1").setPort(0));
        server.connectHandler(socket -> {
            StringBuilder seen = new StringBuilder();
            socket.handler(piece -> {
                seen.append(piece);
                // The tests' requests end with this body.
                if (seen.toString().endsWith("\r\n\r\n{}")) {
                    seen.setLength(0);
                    answer.accept(socket, requests.incrementAndGet());
                }
            });
        });
        server.listen().toCompletionStage().toCompletableFuture().join();
    }

    int requests() {
        return requests.get();
    }

    Target target() {
        return Target.post(server.actualPort(), "/", "none", "{}");
    }

    static String accepted(int number) {
        String body = "{\"job_id\":\"job_" + number + "\"}";
        return "HTTP/1.1 202 Accepted\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }
}
