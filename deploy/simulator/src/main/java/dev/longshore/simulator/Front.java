package dev.longshore.simulator;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.function.IntConsumer;

/// The door of one event loop; all of them listen on the same port.
final class Front extends AbstractVerticle {

    /// How many connections may wait for being accepted; the operating system may allow fewer.
    private static final int BACKLOG = 16_384;

    private final ProviderRoutes provider;
    private final ControlRoutes control;
    private final String host;
    private final int port;
    private final IntConsumer listening;

    Front(Theatre theatre, InstantSource clock, String host, int port, IntConsumer listening) {
        this.provider = new ProviderRoutes(theatre, clock);
        this.control = new ControlRoutes(theatre);
        this.host = host;
        this.port = port;
        this.listening = listening;
    }

    @Override
    public void start(Promise<Void> started) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setAcceptBacklog(BACKLOG)
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true);
        vertx.createHttpServer(options)
                .requestHandler(this::handle)
                .exceptionHandler(_ -> {})
                .listen()
                .map(HttpServer::actualPort)
                .onSuccess(listening::accept)
                .<Void>mapEmpty()
                .onComplete(started);
    }

    private void handle(HttpServerRequest request) {
        String path = request.path();
        if (path == null) {
            Replies.unknown(request);
        } else if (path.startsWith(ControlRoutes.PREFIX)) {
            control.handle(request, path);
        } else {
            provider.handle(request, path);
        }
    }
}
