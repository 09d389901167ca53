package dev.longshore.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// The two calls that a client needs: submit a job, look at it.
final class Client implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI api;
    private final String key;

    Client(URI api, String key) {
        this.api = api;
        this.key = key;
    }

    /// Submits a job.
    ///
    /// @param body of `POST /v1/jobs`
    /// @param idempotencyKey the same for the same job, so that a repeated call makes no second one
    /// @return the job as it was accepted
    /// @throws IOException when it was not; the message has the answer
    JsonNode submit(String body, String idempotencyKey) throws IOException, InterruptedException {
        return send(
                request("/v1/jobs")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", idempotencyKey)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                202,
                200);
    }

    /// The job as it is now.
    JsonNode job(String id) throws IOException, InterruptedException {
        return send(request("/v1/jobs/" + id).build(), 200);
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(api.resolve(path)).timeout(LIMIT).header("Authorization", "Bearer " + key);
    }

    private JsonNode send(HttpRequest request, int... expected) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        for (int status : expected) {
            if (response.statusCode() == status) return JSON.readTree(response.body());
        }
        throw new IOException(request.method() + " " + request.uri().getPath() + " answered " + response.statusCode()
                + ": " + response.body());
    }
}
