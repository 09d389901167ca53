package dev.longshore.cli.listen;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Passes calls on as they came, signature included, so that the one behind can verify them too.
public final class Forwarder implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    /// Answered for one behind that does not answer.
    public static final int BAD_GATEWAY = 502;

    private final URI target;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    public Forwarder(URI target) {
        this.target = target;
    }

    /// Passes one on.
    ///
    /// @return the HTTP status that the one behind answered
    public int forward(Arrival arrival) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .timeout(ANSWER_LIMIT)
                .POST(HttpRequest.BodyPublishers.ofByteArray(arrival.body()));
        arrival.headers().forEach(request::setHeader);
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException _) {
            return BAD_GATEWAY;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
