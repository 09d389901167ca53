package dev.longshore.webhook;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Servers on free ports of all local addresses, for the tests of one class. Every address of 127.0.0.0/8 reaches
/// them, so that one server can be several receivers.
final class Receivers implements AfterAllCallback {
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(2)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));

    Vertx vertx() {
        return vertx;
    }

    /// One that speaks HTTP.
    Http http(HttpServerOptions options, Handler<HttpServerRequest> behaviour) {
        Http http = new Http(new ConcurrentLinkedQueue<>(), new AtomicInteger(), new AtomicInteger());
        HttpServer server = vertx.createHttpServer(options.setHost("0.0.0.0").setPort(0))
                .connectionHandler(connection -> {
                    http.connections.incrementAndGet();
                    connection.closeHandler(_ -> http.gone.incrementAndGet());
                })
                .requestHandler(request -> request.body().onSuccess(body -> {
                    http.seen.add(new Seen(request, body.getBytes()));
                    behaviour.handle(request);
                }));
        http.port.set(done(server.listen()).actualPort());
        return http;
    }

    Http http(Handler<HttpServerRequest> behaviour) {
        return http(new HttpServerOptions(), behaviour);
    }

    /// One whose every byte is up to the test.
    ///
    /// @return its port
    int raw(Handler<NetSocket> behaviour) {
        NetServer server = vertx.createNetServer().connectHandler(behaviour);
        return done(server.listen(0, "0.0.0.0")).actualPort();
    }

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        done(vertx.close());
    }

    /// A request as it came.
    record Seen(HttpServerRequest request, byte[] body) {
        String header(String name) {
            return request.getHeader(name);
        }
    }

    /// What an HTTP server has seen.
    ///
    /// @param connections how many were ever made
    /// @param gone how many of them have ended
    record Http(Queue<Seen> seen, AtomicInteger connections, AtomicInteger gone, AtomicInteger port) {
        Http(Queue<Seen> seen, AtomicInteger connections, AtomicInteger gone) {
            this(seen, connections, gone, new AtomicInteger());
        }

        String url(String host) {
            return "http://" + host + ":" + port + "/hook?x=1";
        }

        Seen last() {
            return seen.stream().reduce((_, later) -> later).orElseThrow();
        }
    }
}
