package dev.longshore.api;

import static dev.longshore.testing.Patience.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionFactory;

/// A reader of a job's events, by the letter of the standard.
final class EventStream implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final HttpResponse<InputStream> response;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private volatile boolean ended;
    private volatile String retry = "";

    /// One event.
    record Event(long id, String name, String data) {
        JsonNode json() {
            try {
                return JSON.readTree(data);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + data, e);
            }
        }

        /// The name, and of a status which.
        String told() {
            return name.equals("status") ? "status " + json().path("status").asText() : name;
        }
    }

    private EventStream(HttpResponse<InputStream> response) {
        this.response = response;
        Thread.ofVirtual().start(this::read);
    }

    static EventStream of(Api api, String jobId, String... headers) {
        try {
            return new EventStream(CLIENT.send(
                    api.request("/v1/jobs/" + jobId + "/events", headers).GET().build(), BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static EventStream after(Api api, String jobId, long id) {
        return of(api, jobId, "Last-Event-ID", Long.toString(id));
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            long id = -1;
            String name = "message";
            List<String> data = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        events.add(new Event(id, name, String.join("\n", data)));
                    }
                    name = "message";
                    data.clear();
                } else if (line.startsWith(":")) {
                    comments.add(line);
                } else if (line.startsWith("id: ")) {
                    id = Long.parseLong(line.substring(4));
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data.add(line.substring(6));
                } else if (line.startsWith("retry: ")) {
                    retry = line.substring(7);
                } else {
                    throw new AssertionError("not a line of an event stream: " + line);
                }
            }
        } catch (IOException _) {
            // Closed, by whomever.
        } finally {
            ended = true;
        }
    }

    int status() {
        return response.statusCode();
    }

    HttpHeaders headers() {
        return response.headers();
    }

    String retry() {
        return retry;
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    List<String> comments() {
        return List.copyOf(comments);
    }

    /// What was told so far, in words.
    List<String> told() {
        return events.stream().map(Event::told).toList();
    }

    /// What the tokens so far say together.
    String text() {
        StringBuilder text = new StringBuilder();
        for (Event event : events) {
            switch (event.name()) {
                case "token" -> text.append(event.json().path("token").asText());
                case "reset" -> text.setLength(0);
                default -> {}
            }
        }
        return text.toString();
    }

    /// Waits until exactly this was told.
    EventStream awaitTold(String... words) {
        soon().until(this::told, List.of(words)::equals);
        return this;
    }

    EventStream awaitText(String text) {
        soon().until(this::text, text::equals);
        return this;
    }

    /// Waits until the service has ended the stream.
    EventStream awaitEnd() {
        soon().until(() -> ended);
        return this;
    }

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException _) {
            // Gone already.
        }
    }
}
