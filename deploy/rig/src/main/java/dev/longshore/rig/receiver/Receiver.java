package dev.longshore.rig.receiver;

import dev.longshore.rig.proof.Heard;
import dev.longshore.webhook.Signature;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/// One server that is called, on a port of its own of the loopback interface.
///
/// Its mood may be changed by any thread, and is that of the moment in which a request is whole.
public final class Receiver {
    private static final long SLOW_MS = 2_500;
    private static final int[] REDIRECTS = {302, 307, 301, 308, 303};
    private static final Buffer FLOOD = Buffer.buffer(new byte[64 * 1024]);

    private final Vertx vertx;
    private final String name;
    private final String host;
    private final Ear ear;
    private final InstantSource clock;
    private final AtomicInteger redirects = new AtomicInteger();
    private final HttpServer server;
    private volatile Mood mood = Mood.WELL;
    private volatile String elsewhere = "";

    /// Starts it; it is well.
    ///
    /// @param address where it is, of the loopback interface
    /// @param port 0 for any
    /// @param host what others call it: the address, or a name that stands for it
    Receiver(Vertx vertx, String name, String address, int port, String host, Ear ear, InstantSource clock) {
        this.vertx = vertx;
        this.name = name;
        this.host = host;
        this.ear = ear;
        this.clock = clock;
        server = vertx.createHttpServer(new HttpServerOptions().setHost(address).setPort(port))
                .requestHandler(request -> request.body().onSuccess(body -> receive(request, body)))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /// What it is called in schedules.
    public String name() {
        return name;
    }

    /// `http://127.0.0.1:8123`
    public String origin() {
        return "http://" + host + ":" + port();
    }

    int port() {
        return server.actualPort();
    }

    /// An address of this receiver.
    ///
    /// @param what tells its addresses apart
    public String address(String what) {
        return origin() + "/" + name + "/" + what;
    }

    /// Behaves like this from now on.
    public void mood(Mood now) {
        mood = now;
    }

    /// @param receiver where it sends people who are to be sent away
    void redirectTo(Receiver receiver) {
        elsewhere = receiver.origin();
    }

    private void receive(HttpServerRequest request, Buffer body) {
        long at = clock.millis();
        Mood now = mood;
        int status = status(now);
        ear.hear(new Heard(
                at,
                origin() + request.uri(),
                header(request, Signature.ID_HEADER),
                header(request, Signature.TIMESTAMP_HEADER),
                header(request, Signature.SIGNATURE_HEADER),
                body.getBytes(),
                status));
        answer(request, now, request.response().setStatusCode(status == 0 ? 200 : status));
    }

    private int status(Mood now) {
        return switch (now) {
            case WELL, SLOW, HANGING, ENDLESS -> 200;
            case SILENT, RESETTING -> 0;
            case BROKEN -> 500;
            case GONE -> 410;
            case BUSY -> 429;
            case AWAY -> 503;
            case REDIRECTING -> REDIRECTS[Math.floorMod(redirects.getAndIncrement(), REDIRECTS.length)];
        };
    }

    private void answer(HttpServerRequest request, Mood now, HttpServerResponse response) {
        switch (now) {
            case WELL -> response.end("thank you");
            case SLOW -> vertx.setTimer(SLOW_MS, _ -> response.end("thank you, at last"));
            case SILENT -> {}
            // Whatever is written first takes the head along.
            case HANGING -> response.setChunked(true).write(" ");
            case BROKEN -> response.end("something is broken here");
            case GONE -> response.end("nobody lives here any more");
            case BUSY, AWAY -> response.putHeader("Retry-After", "2").end();
            case REDIRECTING ->
                response.putHeader("Location", elsewhere + request.uri()).end();
            case ENDLESS -> flood(response.setChunked(true));
            case RESETTING -> request.connection().close();
        }
    }

    private static void flood(HttpServerResponse response) {
        while (!response.closed() && !response.writeQueueFull()) {
            response.write(FLOOD);
        }
        if (!response.closed()) {
            response.drainHandler(_ -> flood(response));
        }
    }

    private static String header(HttpServerRequest request, String name) {
        return Objects.requireNonNullElse(request.getHeader(name), "");
    }
}
