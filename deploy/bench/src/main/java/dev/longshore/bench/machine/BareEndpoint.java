package dev.longshore.bench.machine;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;

/// The least that an endpoint can do: it parses a body of JSON and answers 202. A program of its own.
public final class BareEndpoint {
    private BareEndpoint() {}

    /// Serves on the given port of the loopback address until it is killed.
    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        for (int i = 0; i < 2; i++) {
            start(vertx, Integer.parseInt(args[0]));
        }
    }

    /// Starts one server; several share a port.
    static HttpServer start(Vertx vertx, int port) {
        HttpServer server = vertx.createHttpServer(
                new HttpServerOptions().setHost("127.0.0.1").setPort(port));
        server.requestHandler(request -> request.bodyHandler(body -> {
            String answer = new JsonObject(body).containsKey("operation") ? "{\"ok\":true}" : "{}";
            request.response()
                    .setStatusCode(202)
                    .putHeader("content-type", "application/json")
                    .end(answer);
        }));
        server.listen().toCompletionStage().toCompletableFuture().join();
        return server;
    }
}
