package dev.longshore.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// A client of the simulator over `java.net.http`.
final class Caller implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Simulator simulator;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Caller(Simulator simulator) {
        this.simulator = simulator;
    }

    static String body(String model, String text, String more) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                + "{\"role\":\"user\",\"content\":" + quoted(text) + "}]" + more + "}";
    }

    static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> chat(String text) throws IOException, InterruptedException {
        return post("/v1/chat/completions", body("sim-small", text, ""));
    }

    HttpResponse<String> chat(String model, String text, String more) throws IOException, InterruptedException {
        return post("/v1/chat/completions", body(model, text, more));
    }

    CompletableFuture<HttpResponse<String>> chatLater(String model, String text) {
        return client.sendAsync(
                request("/v1/chat/completions")
                        .POST(HttpRequest.BodyPublishers.ofString(body(model, text, "")))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(
                request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    HttpResponse<String> method(String method, String path, String body) throws IOException, InterruptedException {
        return send(request(path)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    HttpRequest.Builder request(String path) {
        return bare(path).header("Authorization", "Bearer sk-paper-abcd");
    }

    /// Without a key.
    HttpRequest.Builder bare(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + simulator.port() + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json");
    }

    /// What arrives of a stream before its connection breaks; fails if it does not break.
    String untilItBreaks(HttpRequest request) throws IOException, InterruptedException {
        StringBuilder seen = new StringBuilder();
        try (InputStream body =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            for (int next = body.read(); next >= 0; next = body.read()) {
                seen.append((char) next);
            }
        } catch (IOException _) {
            return seen.toString();
        }
        throw new AssertionError("the stream did not break: " + seen);
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    static String text(HttpResponse<String> response) {
        return json(response).at("/choices/0/message/content").asText();
    }

    /// Leaves at once, whatever is still open.
    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
