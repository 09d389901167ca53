package dev.longshore.bench.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Tells the simulator what to do and asks what it saw.
public final class SimulatorControl implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PAGE = 10_000;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String root;

    SimulatorControl(int port) {
        root = "http://127.0.0.1:" + port + "/_sim";
    }

    /// What was counted for a model.
    ///
    /// @param completed calls that were answered
    /// @param open calls that are being answered
    public record Counts(long completed, long open) {}

    public void script(String script) {
        send("PUT", "/script", script);
    }

    public Counts counts(String model) {
        JsonNode counts = send("GET", "/stats", "").path("models").path(model);
        long open = counts.path("open").asLong();
        return new Counts(counts.path("calls").asLong() - open, open);
    }

    public void forget() {
        send("DELETE", "/calls", "");
    }

    /// When each job's first call came in: job id to milliseconds of the epoch, as far as the log remembers.
    public Map<String, Long> arrivals() {
        Map<String, Long> arrivals = new HashMap<>();
        long after = 0;
        while (true) {
            JsonNode page = send("GET", "/calls?limit=" + PAGE + "&after=" + after, "");
            for (JsonNode call : page.path("data")) {
                arrivals.putIfAbsent(
                        call.path("job_id").asText(), call.path("received_at").asLong());
                after = call.path("number").asLong();
            }
            if (!page.path("has_more").asBoolean()) {
                return arrivals;
            }
        }
    }

    private JsonNode send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new BenchFailed("the simulator said " + answer.statusCode() + " to " + method + " " + path + ": "
                        + answer.body());
            }
            return json.readTree(answer.body());
        } catch (IOException e) {
            throw new BenchFailed("the simulator cannot be asked: " + method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
