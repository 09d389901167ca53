package dev.longshore.rig.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.rig.Service;
import dev.longshore.rig.proof.Deed;
import dev.longshore.rig.proof.Told;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Asks the APIs in turn and writes down what it was told.
///
/// Safe for use by many threads.
final class Caller implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final int CONNECT_MS = 1_000;

    /// A stream on which nothing comes for so long, not even a comment, is dead.
    private static final int SILENCE_MS = 17_000;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMillis(CONNECT_MS))
            .build();
    private final List<Service> apis;
    private final List<String> keys;
    private final History history;
    private final InstantSource clock;
    private final Instant begun;
    private final AtomicInteger turn = new AtomicInteger();

    /// @param keys the API key of each tenant
    Caller(List<Service> apis, List<String> keys, History history, InstantSource clock) {
        this.apis = apis;
        this.keys = keys;
        this.history = history;
        this.clock = clock;
        begun = clock.instant();
    }

    Told submit(Order order) {
        return ask(Deed.SUBMIT, order.number(), order.tenant(), order.key(), null, "/v1/jobs", order.body(), PATIENCE);
    }

    Told submitOther(Order order) {
        return ask(
                Deed.SUBMIT_OTHER,
                order.number(),
                order.tenant(),
                order.key(),
                null,
                "/v1/jobs",
                String.valueOf(order.other()),
                PATIENCE);
    }

    /// @param wait seconds that the API may hold the answer back; 0 for none
    Told look(Order order, String job, int wait) {
        String path = "/v1/jobs/" + job + (wait > 0 ? "?wait=" + wait : "");
        return ask(Deed.LOOK, order.number(), order.tenant(), null, job, path, null, PATIENCE.plusSeconds(wait));
    }

    Told cancel(Order order, String job) {
        return ask(Deed.CANCEL, order.number(), order.tenant(), null, job, "/v1/jobs/" + job + "/cancel", "", PATIENCE);
    }

    Told replay(Order order, String job) {
        return ask(Deed.REPLAY, order.number(), order.tenant(), null, job, "/v1/jobs/" + job + "/replay", "", PATIENCE);
    }

    /// Replays a dead letter by the list.
    Told replayByList(Order order, String job) {
        return ask(
                Deed.REPLAY,
                order.number(),
                order.tenant(),
                null,
                job,
                "/v1/dead-letters/replay",
                "{\"job_ids\":[\"" + job + "\"]}",
                PATIENCE);
    }

    /// Has a delivery made again.
    Told redeliver(int tenant, String notice) {
        String path = "/v1/webhook-deliveries/" + notice + "/redeliver";
        return ask(Deed.REDELIVER, -1, tenant, null, null, path, "", PATIENCE);
    }

    /// Has everything sent again that an endpoint has missed in this run.
    Told recover(int tenant, String endpoint) {
        String path = "/v1/webhook-endpoints/" + endpoint + "/recover";
        return ask(Deed.RECOVER, -1, tenant, null, null, path, "{\"since\":\"" + begun + "\"}", PATIENCE);
    }

    /// Opens a stream of a job's events; the answer's status is there.
    ///
    /// @param last the number of the last event that is known; negative for none
    /// @return null when no answer came
    @Nullable
    HttpURLConnection follow(Order order, String job, long last) {
        long asked = clock.millis();
        int status = 0;
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) URI.create(nextApi() + "/v1/jobs/" + job + "/events")
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(CONNECT_MS);
            connection.setReadTimeout(SILENCE_MS);
            connection.setRequestProperty("Authorization", "Bearer " + keys.get(order.tenant()));
            if (last >= 0) {
                connection.setRequestProperty("Last-Event-ID", Long.toString(last));
            }
            status = connection.getResponseCode();
        } catch (IOException _) {
            connection = null;
        }
        written(new Told(
                asked, clock.millis(), Deed.FOLLOW, order.number(), order.tenant(), null, job, status, null, null));
        return connection;
    }

    /// The job as it is; null when it is not shown.
    @Nullable
    JsonNode shown(int tenant, String job) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(nextApi() + "/v1/jobs/" + job))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + keys.get(tenant))
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200 ? read(answer.body()) : null;
        } catch (IOException _) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Sends what no server should take.
    Told nonsense(byte[] body) {
        return send(
                Deed.NONSENSE,
                -1,
                0,
                null,
                null,
                "/v1/jobs",
                HttpRequest.BodyPublishers.ofByteArray(body),
                PATIENCE.multipliedBy(2));
    }

    /// Begins to submit an order and hangs up after a part of it; with all of it sent, before the answer
    /// came.
    Told hangUp(Order order) {
        long asked = clock.millis();
        byte[] body = order.body().getBytes(StandardCharsets.UTF_8);
        URI api = nextApi();
        StringBuilder head = new StringBuilder("POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\n")
                .append("Content-Type: application/json\r\n")
                .append("Authorization: Bearer ")
                .append(keys.get(order.tenant()))
                .append("\r\nContent-Length: ")
                .append(body.length)
                .append("\r\n");
        if (order.key() != null) {
            head.append("Idempotency-Key: ").append(order.key()).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, whole, start.length, body.length);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(api.getHost(), api.getPort()), CONNECT_MS);
            socket.getOutputStream().write(whole, 0, (int) (whole.length * order.hangUpAt()));
            socket.getOutputStream().flush();
        } catch (IOException _) {
            // It wanted to leave anyway.
        }
        return written(new Told(
                asked, clock.millis(), Deed.SUBMIT, order.number(), order.tenant(), order.key(), null, 0, null, null));
    }

    private Told ask(
            Deed deed,
            int order,
            int tenant,
            @Nullable String key,
            @Nullable String job,
            String path,
            @Nullable String body,
            Duration patience) {
        return send(
                deed,
                order,
                tenant,
                key,
                job,
                path,
                body == null ? null : HttpRequest.BodyPublishers.ofString(body),
                patience);
    }

    private Told send(
            Deed deed,
            int order,
            int tenant,
            @Nullable String key,
            @Nullable String job,
            String path,
            HttpRequest.@Nullable BodyPublisher body,
            Duration patience) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(nextApi() + path))
                .timeout(patience)
                .header("Authorization", "Bearer " + keys.get(tenant));
        if (body != null) {
            request.header("Content-Type", "application/json").POST(body);
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        long asked = clock.millis();
        try {
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            // What is said of a delivery names a job too, and has a status of its own.
            boolean ofAJob = deed != Deed.REDELIVER && deed != Deed.RECOVER;
            JsonNode told = ofAJob || answer.statusCode() >= 300 ? read(answer.body()) : JSON.missingNode();
            String id = told.path("job_id").asText("");
            return written(new Told(
                    asked,
                    clock.millis(),
                    deed,
                    order,
                    tenant,
                    key,
                    id.isEmpty() ? job : id,
                    answer.statusCode(),
                    id.isEmpty() ? null : told.path("status").asText(),
                    told.path("error").path("code").isTextual()
                            ? told.path("error").path("code").asText()
                            : null));
        } catch (IOException _) {
            return written(new Told(asked, clock.millis(), deed, order, tenant, key, job, 0, null, null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(byte[] body) {
        try {
            JsonNode node = JSON.readTree(body);
            return node == null ? JSON.missingNode() : node;
        } catch (IOException _) {
            return JSON.missingNode();
        }
    }

    private Told written(Told told) {
        history.add(told);
        return told;
    }

    private URI nextApi() {
        return apis.get(Math.floorMod(turn.getAndIncrement(), apis.size())).address();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
