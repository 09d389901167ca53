package dev.longshore.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Somebody's server, to which webhooks go. It answers everybody the same.
final class Receiver implements AutoCloseable {
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    Receiver(Vertx vertx, int status, String answer) {
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    calls.add(new Call(
                            request.path(),
                            request.getHeader("webhook-id"),
                            request.getHeader("webhook-timestamp"),
                            request.getHeader("webhook-signature"),
                            body.getBytes()));
                    request.response().setStatusCode(status).end(answer);
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /// A call as it came.
    record Call(String path, String id, String timestamp, String signature, byte[] body) {}

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/hook";
    }

    List<Call> calls() {
        return calls;
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}
