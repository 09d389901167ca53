package dev.longshore.bench.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/// A worker with nothing to remember: it holds a number of calls to a provider in flight, a virtual
/// thread each, reads the answers and makes the next. It uses the same HTTP client in the same way as
/// the worker does. A program of its own, on the worker's heap.
public final class Twin {
    private static final int WRONG_ANSWER = 3;
    private static final int PATIENCE_MS = 30_000;
    /// Between the first calls of two clients: ten thousand connections at one moment would not fit into the
    /// provider's queue of those that are not accepted yet.
    private static final long STAGGER_MS = 20;

    /// A client looks through all of its connections for each call, so that one client for all would be
    /// slow for a reason of its own.
    private static final int CALLS_A_CLIENT = 64;

    private final HttpClient client;
    private final ObjectMapper json = new ObjectMapper();
    private final int port;
    private final Buffer body;

    private Twin(Vertx vertx, int port, Buffer body) {
        this.port = port;
        this.body = body;
        // As the worker's own client, but for its patience: a call that fails ends the twin.
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(PATIENCE_MS)
                .setKeepAlive(true)
                .setKeepAliveTimeout(50)
                .setPipelining(false)
                .setDecompressionSupported(true)
                .setMaxHeaderSize(64 * 1024)
                .setTcpNoDelay(true);
        client = vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(CALLS_A_CLIENT).setMaxWaitQueueSize(-1));
    }

    /// Runs until it is killed; ends with a status of its own at the first call that fails.
    ///
    /// @param args the provider's port, the number of calls, and the file with the request's body
    public static void main(String[] args) throws IOException, InterruptedException {
        int calls = Integer.parseInt(args[1]);
        Vertx vertx = Vertx.vertx();
        int port = Integer.parseInt(args[0]);
        Buffer body = Buffer.buffer(Files.readAllBytes(Path.of(args[2])));
        for (int begun = 0; begun < calls; begun += CALLS_A_CLIENT) {
            Twin twin = new Twin(vertx, port, body);
            for (int i = begun; i < Math.min(calls, begun + CALLS_A_CLIENT); i++) {
                Thread.ofVirtual().start(twin::callForEver);
            }
            Thread.sleep(STAGGER_MS);
        }
        new CountDownLatch(1).await();
    }

    private void callForEver() {
        try {
            while (true) {
                call();
            }
        } catch (IOException | ExecutionException | InterruptedException | RuntimeException e) {
            System.out.println("a call failed: " + e);
            Runtime.getRuntime().halt(WRONG_ANSWER);
        }
    }

    private void call() throws IOException, ExecutionException, InterruptedException {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI("http://127.0.0.1:" + port + "/v1/chat/completions")
                .putHeader("content-type", "application/json")
                .putHeader("accept", "application/json")
                .putHeader("x-longshore-job-id", UUID.randomUUID().toString())
                .putHeader("x-longshore-attempt", "1");
        Buffer answer = client.request(request)
                .compose(this::send)
                .compose(HttpClientResponse::body)
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        JsonNode read = json.readTree(answer.getBytes());
        if (!read.path("choices").path(0).path("message").path("content").isTextual()) {
            throw new IOException("an answer without content: " + read);
        }
    }

    private io.vertx.core.Future<HttpClientResponse> send(HttpClientRequest request) {
        return request.send(body);
    }
}
