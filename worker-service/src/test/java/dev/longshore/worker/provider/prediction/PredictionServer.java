package dev.longshore.worker.provider.prediction;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A provider of predictions that says what the test tells it to, in Replicate's shape, and remembers what it was
/// asked. Untold, it takes what is submitted and says at each look that it is done.
public final class PredictionServer implements AutoCloseable {
    /// One request as it came.
    public record Seen(String method, String path, Map<String, String> headers, String body) {}

    /// One reply; the status says what else may happen: 0 closes the connection, -1 says nothing at all.
    public record Reply(int status, String body, Map<String, String> headers, CompletableFuture<Void> after) {
        static final Reply CLOSE = of(0, "");
        static final Reply SILENCE = of(-1, "");

        static Reply of(int status, String singleQuoted) {
            return new Reply(
                    status, singleQuoted.replace('\'', '"'), Map.of(), CompletableFuture.completedFuture(null));
        }

        static Reply state(String status) {
            return of(200, "{'id':'p-1','status':'" + status + "'}");
        }

        Reply with(String header, String value) {
            return new Reply(status, body, Map.of(header, value), after);
        }

        /// Given when that is done.
        Reply after(CompletableFuture<Void> event) {
            return new Reply(status, body, headers, event);
        }
    }

    private final Vertx vertx;
    private final boolean ownsVertx;
    private final HttpServer server;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Queue<Reply> submissions = new ConcurrentLinkedQueue<>();
    private final Queue<Reply> looks = new ConcurrentLinkedQueue<>();
    private final Queue<Reply> cancels = new ConcurrentLinkedQueue<>();
    private final Map<String, String> idsByName = new ConcurrentHashMap<>();
    private final AtomicInteger bought = new AtomicInteger();
    private volatile Reply untold = Reply.of(
            200,
            "{'id':'p-1','status':'succeeded','output':['Hel','lo'],'model':'theirs-7',"
                    + "'metrics':{'input_token_count':8,'output_token_count':2}}");

    /// @param vertx to run on
    PredictionServer(Vertx vertx, boolean ownsVertx) {
        this.vertx = vertx;
        this.ownsVertx = ownsVertx;
        server = vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /// A server on threads of its own.
    public static PredictionServer start() {
        return new PredictionServer(Vertx.vertx(), true);
    }

    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.actualPort() + "/v1");
    }

    PredictionServer submitted(Reply... replies) {
        submissions.addAll(List.of(replies));
        return this;
    }

    PredictionServer looked(Reply... replies) {
        looks.addAll(List.of(replies));
        return this;
    }

    PredictionServer cancelled(Reply... replies) {
        cancels.addAll(List.of(replies));
        return this;
    }

    /// Every look from now on says that it is done.
    public void succeed() {
        untilToldOtherwise("succeeded");
    }

    /// What a look is answered with when nothing else is told.
    public void untilToldOtherwise(String status) {
        untold = Reply.of(
                200, "{'id':'p-1','status':'" + status + "','output':'late','metrics':{'input_token_count':8}}");
    }

    /// What a look is answered with when nothing else is told: it goes on, and is so far.
    public void untilToldOtherwise(int percent, String step) {
        untold = Reply.of(200, "{'id':'p-1','status':'processing','percent':" + percent + ",'step':'" + step + "'}");
    }

    /// What came, in order.
    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    /// What came, in few words: `POST /v1/predictions`.
    public List<String> calls() {
        return seen.stream().map(one -> one.method() + " " + one.path()).toList();
    }

    /// What came for one job.
    public List<String> calls(String jobId) {
        return seen.stream()
                .filter(one -> jobId.equals(one.headers().get("x-longshore-job-id")))
                .map(one -> one.method() + " " + one.path())
                .toList();
    }

    /// How many predictions have been paid for: the same name is paid for once.
    public int bought() {
        return bought.get();
    }

    private void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            Map<String, String> headers = new ConcurrentHashMap<>();
            request.headers()
                    .forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
            seen.add(new Seen(request.method().name(), request.uri(), headers, body.toString()));
            Reply reply = reply(request, headers.getOrDefault("idempotency-key", ""));
            Future.fromCompletionStage(reply.after(), vertx.getOrCreateContext())
                    .onSuccess(_ -> answer(request, reply));
        });
    }

    private Reply reply(HttpServerRequest request, String name) {
        if (request.method().name().equals("GET")) {
            Reply told = looks.poll();
            return told == null ? untold : told;
        }
        if (request.path().endsWith("/cancel")) {
            Reply told = cancels.poll();
            return told == null ? Reply.state("canceled") : told;
        }
        Reply told = submissions.poll();
        if (told != null && told.status() / 100 != 2) {
            return told;
        }
        String id = idsByName.computeIfAbsent(name, _ -> "p-" + bought.incrementAndGet());
        return told == null ? Reply.of(201, "{'id':'" + id + "','status':'starting'}") : told;
    }

    private static void answer(HttpServerRequest request, Reply reply) {
        if (reply.status() < 0) {
            return;
        }
        if (reply.status() == 0) {
            request.connection().close();
            return;
        }
        reply.headers().forEach((name, value) -> request.response().putHeader(name, value));
        request.response().setStatusCode(reply.status()).end(reply.body());
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
        if (ownsVertx) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
