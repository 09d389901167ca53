package dev.longshore.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Somebody who reads a job's events and shows what the model says, as a chat window would.
final class Reading implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpResponse<InputStream> response;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<JsonNode> progress = new CopyOnWriteArrayList<>();
    private volatile String shown = "";
    private volatile String lastId = "";
    private volatile String lastComment = "";
    private volatile JsonNode result = JSON.nullNode();
    private volatile boolean ended;

    private Reading(HttpResponse<InputStream> response) {
        this.response = response;
        Thread.ofVirtual().start(this::read);
    }

    static Reading of(Client client, Service api, String jobId, String lastEventId) {
        try {
            return new Reading(client.follow(api, jobId, lastEventId));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String id = "";
            String event = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.startsWith(":")) {
                    lastComment = line;
                } else if (line.isEmpty() && !event.isEmpty()) {
                    take(event, data);
                    lastId = id;
                    event = "";
                }
            }
        } catch (IOException _) {
            // Closed, by whomever.
        } finally {
            ended = true;
        }
    }

    private void take(String event, String data) throws IOException {
        switch (event) {
            case "token" -> shown += JSON.readTree(data).path("token").asText();
            case "progress" -> progress.add(JSON.readTree(data));
            case "reset" -> shown = "";
            case "result" -> result = JSON.readTree(data);
            default -> {}
        }
        told.add(event.equals("status") ? JSON.readTree(data).path("status").asText() : event);
    }

    int status() {
        return response.statusCode();
    }

    /// The names of events, and the statuses of status events, in their order.
    List<String> told() {
        return List.copyOf(told);
    }

    /// How far the job was said to be, each time that it was said.
    List<JsonNode> progress() {
        return List.copyOf(progress);
    }

    String shown() {
        return shown;
    }

    String lastId() {
        return lastId;
    }

    String lastComment() {
        return lastComment;
    }

    boolean ended() {
        return ended;
    }

    /// What the job's result says.
    String answer() {
        return result.at("/result/choices/0/message/content").asText();
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
