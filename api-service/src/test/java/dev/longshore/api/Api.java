package dev.longshore.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.ConfigProvider;

/// A caller of the service under test, with a key of its own.
public final class Api {
    public static final String BOOTSTRAP_KEY = "sk-longshore-test-0123456789abcdef";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final String key;

    private Api(String key) {
        this.key = key;
    }

    public static Api operator() {
        return new Api(BOOTSTRAP_KEY);
    }

    public static Api with(String key) {
        return new Api(key);
    }

    public static Api stranger() {
        return new Api("");
    }

    /// A caller of a tenant that nobody else uses.
    public static Api ofNewTenant() {
        String name = "t" + Long.toHexString(System.nanoTime());
        Answer tenant = operator().post("/v1/admin/tenants", "{\"name\":\"" + name + "\"}");
        String id = tenant.json().path("id").asText();
        Answer key = operator().post("/v1/admin/tenants/" + id + "/api-keys", "{\"name\":\"test\"}");
        return new Api(key.json().path("key").asText());
    }

    /// The key that this caller shows; empty when it has none.
    public String key() {
        return key;
    }

    /// What came back.
    public record Answer(int status, String body, java.net.http.HttpHeaders headers) {
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + status + " " + body, e);
            }
        }

        public String header(String name) {
            return headers.firstValue(name).orElse(null);
        }

        public String code() {
            return json().path("error").path("code").asText();
        }

        public String jobId() {
            return json().path("job_id").asText();
        }
    }

    public static URI uri(String path) {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
        int test = ConfigProvider.getConfig()
                .getOptionalValue("test.url", URI.class)
                .map(URI::getPort)
                .orElse(port);
        return URI.create("http://127.0.0.1:" + test + path);
    }

    public HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(90));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    public Answer get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    public Answer delete(String path) {
        return send(request(path).DELETE().build());
    }

    public Answer post(String path, String body, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    public Answer patch(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(body))
                .build());
    }

    /// A call that takes no body, or need not have one.
    public Answer post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()).build());
    }

    /// Runs on a thread that knows where the service is, which those of the common pool do not.
    public static CompletableFuture<Answer> later(Supplier<Answer> call) {
        return CompletableFuture.supplyAsync(call, task -> Thread.ofPlatform().start(task));
    }

    CompletableFuture<Answer> postLater(String path, String body, String... headers) {
        return CLIENT.sendAsync(
                        request(path, headers)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .thenApply(Api::answer);
    }

    public Answer submit(String body) {
        return post("/v1/jobs", body);
    }

    /// Submits a small chat.
    public String chat() {
        Answer answer = submit(Bodies.chat(""));
        if (answer.status() != 202) {
            throw new AssertionError(answer.status() + " " + answer.body());
        }
        return answer.jobId();
    }

    public Answer send(HttpRequest request) {
        try {
            return answer(CLIENT.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new AssertionError("no answer to " + request, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.body(), response.headers());
    }
}
