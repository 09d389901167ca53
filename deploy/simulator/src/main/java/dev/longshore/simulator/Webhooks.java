package dev.longshore.simulator;

import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Tells others what has happened here. One try: whoever misses it can still ask. Safe for use by several threads.
final class Webhooks implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Made when it is first needed, which in most runs is never.
    private @Nullable HttpClient client;

    void tell(String address, Buffer json) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.getBytes()))
                .build();
        // What the other side makes of it is its own business, and none of the caller's.
        client().sendAsync(request, HttpResponse.BodyHandlers.discarding()).exceptionally(_ -> null);
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
