package dev.longshore.cli.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.job.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Calls of one server with one key. Redirects are not followed: the key is meant for this server.
public final class Server implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    /// Beyond what the server was asked to hold the answer.
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private final HttpClient http;
    private final Address address;
    private final @Nullable String key;

    /// @param key null for none
    public Server(Address address, @Nullable String key) {
        this.address = address;
        this.key = key;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    public Address address() {
        return address;
    }

    /// Reads.
    ///
    /// @param path of the API, with its query
    /// @throws Refused when the server says no
    /// @throws NotReached when it says nothing
    public Reply get(Object path) throws InterruptedException {
        return held(path, Duration.ZERO);
    }

    /// Reads an answer that the server holds back for so long.
    public Reply held(Object path, Duration atMost) throws InterruptedException {
        return send(request(path.toString()).timeout(ANSWER_LIMIT.plus(atMost)).GET());
    }

    /// Does something.
    ///
    /// @param body null for none
    /// @param headers besides those that every call has
    public Reply post(String path, @Nullable JsonNode body, Map<String, String> headers) throws InterruptedException {
        HttpRequest.Builder request = request(path).timeout(ANSWER_LIMIT);
        headers.forEach(request::setHeader);
        if (body == null) {
            return send(request.POST(HttpRequest.BodyPublishers.noBody()));
        }
        return send(request.setHeader("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.line(body))));
    }

    /// Does something that needs no body.
    public Reply post(String path) throws InterruptedException {
        return post(path, null, Map.of());
    }

    /// Removes.
    public Reply delete(String path) throws InterruptedException {
        return send(request(path).timeout(ANSWER_LIMIT).DELETE());
    }

    /// Opens an answer that goes on. The limit is on its beginning.
    ///
    /// @throws NotReached when it does not begin
    public <T> HttpResponse<T> open(String path, Map<String, String> headers, HttpResponse.BodyHandler<T> handler)
            throws InterruptedException {
        HttpRequest.Builder request = request(path).timeout(ANSWER_LIMIT).GET();
        headers.forEach(request::setHeader);
        try {
            return http.send(request.build(), handler);
        } catch (IOException e) {
            throw NotReached.of(address, e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.at(path)).setHeader("User-Agent", "longshore-cli");
        if (key != null) {
            request.setHeader("Authorization", "Bearer " + key);
        }
        return request.setHeader("Accept", "application/json");
    }

    private Reply send(HttpRequest.Builder request) throws InterruptedException {
        HttpResponse<byte[]> answer;
        try {
            answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw NotReached.of(address, e);
        }
        int status = answer.statusCode();
        if (status < 200 || status >= 300) {
            throw new Refused(Fault.of(status, answer.headers(), answer.body()));
        }
        Optional<JsonNode> body = answer.body().length == 0
                ? Optional.of(Json.object())
                : Json.read(new String(answer.body(), StandardCharsets.UTF_8));
        return new Reply(
                status,
                answer.headers(),
                body.orElseThrow(
                        () -> NotReached.because("what answers at " + address.base() + " is no Longshore", true)));
    }
}
