package dev.longshore.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A caller of the API who remembers each job that he was promised.
///
/// Safe for use by many threads.
public final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(75);
    private static final int ACCEPTED = 202;

    private final HttpClient http;
    private final String key;
    private final Set<String> promised = ConcurrentHashMap.newKeySet();

    Client(HttpClient http, String key) {
        this.http = http;
        this.key = key;
    }

    /// What the API said.
    public record Answer(int status, HttpHeaders headers, JsonNode body) {
        /// The job's id; empty when there is none in it.
        public String jobId() {
            return body.path("job_id").asText();
        }

        /// The code of an error; empty when it is none.
        public String errorCode() {
            return body.path("error").path("code").asText();
        }
    }

    /// The body of a chat job on a lane for the model `sim-small`.
    public static ObjectNode chat(String lane, String prompt) {
        return chat(lane, "sim-small", prompt);
    }

    /// The body of a chat job on a lane for a model.
    public static ObjectNode chat(String lane, String model, String prompt) {
        ObjectNode body = JSON.createObjectNode().put("operation", "chat").put("lane", lane);
        body.putObject("input")
                .put("model", model)
                .putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", prompt);
        return body;
    }

    /// The same job, whose answer the provider is to stream.
    public static ObjectNode streamed(ObjectNode job) {
        job.withObject("/input").put("stream", true);
        return job;
    }

    /// Submits a job, and remembers it if it was accepted.
    ///
    /// @throws IOException when no answer came: the job may or may not have been accepted
    public Answer submit(Service api, JsonNode job, @Nullable String idempotencyKey) throws IOException {
        HttpRequest.Builder request = request(api, "/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(job.toString()));
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        Answer answer = send(request);
        // 200 is what a replayed key gets: the promise that somebody was given before.
        if (answer.status() == ACCEPTED || answer.status() == 200) {
            promised.add(answer.jobId());
        }
        return answer;
    }

    /// Submits a job that must be accepted.
    ///
    /// @return its id
    public String accepted(Service api, JsonNode job) {
        try {
            Answer answer = submit(api, job, null);
            if (answer.status() != ACCEPTED) {
                throw new IllegalStateException("not accepted: " + answer.status() + " " + answer.body());
            }
            return answer.jobId();
        } catch (IOException e) {
            throw new IllegalStateException("not accepted", e);
        }
    }

    public Answer get(Service api, String path) throws IOException {
        return send(request(api, path).GET());
    }

    public Answer post(Service api, String path, String json) throws IOException {
        return send(request(api, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /// Begins to read the events of a job, however long that takes.
    ///
    /// @param lastEventId the id of the last event that was read; empty for none
    public HttpResponse<InputStream> follow(Service api, String jobId, String lastEventId) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(api.address() + "/v1/jobs/" + jobId + "/events"))
                .header("Authorization", "Bearer " + key);
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// The ids of all jobs that this client was told are accepted.
    public Set<String> promised() {
        return Set.copyOf(promised);
    }

    private HttpRequest.Builder request(Service api, String path) {
        return HttpRequest.newBuilder(URI.create(api.address() + path))
                .timeout(ANSWER_LIMIT)
                .header("Authorization", "Bearer " + key);
    }

    private Answer send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            JsonNode body = JSON.readTree(response.body());
            return new Answer(response.statusCode(), response.headers(), body == null ? JSON.nullNode() : body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
