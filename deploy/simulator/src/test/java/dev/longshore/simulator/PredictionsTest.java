package dev.longshore.simulator;

import static dev.longshore.simulator.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that are fetched, in Replicate's shape.
class PredictionsTest {

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    private HttpResponse<String> create(String prompt, String more) throws IOException, InterruptedException {
        return caller.post(
                "/v1/predictions",
                "{\"version\":\"sim-small\",\"input\":{\"prompt\":" + Caller.quoted(prompt) + ",\"seed\":7}" + more
                        + "}");
    }

    private JsonNode created(String prompt) throws IOException, InterruptedException {
        HttpResponse<String> response = create(prompt, "");
        assertThat(response.statusCode()).isEqualTo(201);
        return json(response);
    }

    private JsonNode fetch(JsonNode prediction) throws IOException, InterruptedException {
        HttpResponse<String> response =
                caller.get(URI.create(prediction.at("/urls/get").asText()).getPath());
        assertThat(response.statusCode()).isEqualTo(200);
        return json(response);
    }

    private JsonNode cancel(JsonNode prediction) throws IOException, InterruptedException {
        return json(
                caller.post(URI.create(prediction.at("/urls/cancel").asText()).getPath(), ""));
    }

    private JsonNode fetchedOnce(JsonNode prediction, String status) {
        return await().atMost(Caller.PATIENCE)
                .until(
                        () -> fetch(prediction),
                        now -> now.path("status").asText().equals(status));
    }

    private void script(String behaviour) {
        simulator.script("{\"models\":{\"sim-small\":{" + behaviour + "}}}");
    }

    @Test
    void aPredictionStartsIsProcessedAndSucceeds() throws Exception {
        script("\"latency\":{\"fixed_ms\":600},\"first_byte\":{\"fixed_ms\":200},\"answer\":\"Yes.\"");
        JsonNode first = created("hello");

        assertThat(first.path("status").asText()).isEqualTo("starting");
        assertThat(first.path("version").asText()).isEqualTo("sim-small");
        assertThat(first.path("input").toString()).isEqualTo("{\"prompt\":\"hello\",\"seed\":7}");
        assertThat(first.path("output").isNull()).isTrue();
        assertThat(first.path("error").isNull()).isTrue();
        assertThat(first.path("completed_at").isNull()).isTrue();
        assertThat(first.at("/urls/get").asText())
                .isEqualTo(
                        simulator.baseUrl() + "/predictions/" + first.path("id").asText());
        JsonNode processing = fetchedOnce(first, "processing");
        assertThat(processing.path("started_at").asText()).isNotEmpty();
        assertThat(processing.path("logs").asText()).matches("step [0-9] of 10");
        double before = processing.at("/metrics/progress").asDouble();
        assertThat(first.at("/metrics/progress").asDouble(-1)).isZero();
        JsonNode further = await().until(
                        () -> fetch(first), now -> now.at("/metrics/progress").asDouble() > before);
        assertThat(further.at("/metrics/progress").asDouble()).isBetween(before, 1.0);
        JsonNode done = fetchedOnce(first, "succeeded");
        assertThat(done.path("output").asText()).isEqualTo("Yes.");
        assertThat(done.path("id")).isEqualTo(first.path("id"));
        assertThat(done.at("/metrics/progress").asDouble()).isEqualTo(1);
        assertThat(done.at("/metrics/predict_time").asDouble()).isBetween(0.3, 5.0);
        assertThat(done.path("created_at").asText())
                .isLessThan(done.path("completed_at").asText());
    }

    @Test
    void aPredictionIsOneCallHoweverOftenItIsLookedAt() throws Exception {
        JsonNode prediction = created("hello");
        fetchedOnce(prediction, "succeeded");
        fetch(prediction);
        cancel(prediction);

        assertThat(simulator.calls()).singleElement().satisfies(call -> {
            assertThat(call.route()).isEqualTo("predictions");
            assertThat(call.model()).isEqualTo("sim-small");
            assertThat(call.status()).isEqualTo(201);
            assertThat(call.outputTokens()).isPositive();
        });
    }

    @Test
    void aPredictionMayFailAndSayWhy() throws Exception {
        script("\"faults\":[{\"kind\":\"failed\",\"message\":\"out of memory\"}]");
        JsonNode failed = fetchedOnce(created("hello"), "failed");

        assertThat(failed.path("error").asText()).isEqualTo("out of memory");
        assertThat(failed.path("output").isNull()).isTrue();
        simulator.script(Script.EMPTY);
        assertThat(fetchedOnce(created("[[sim failed]]"), "failed")
                        .path("error")
                        .asText())
                .isNotBlank();
        assertThat(fetchedOnce(created("[[sim content_filter]]"), "failed")
                        .path("error")
                        .asText())
                .contains("flagged");
    }

    @Test
    void anEndlessPredictionEndsWhenItIsCanceled() throws Exception {
        JsonNode prediction = created("[[sim endless]]");
        fetchedOnce(prediction, "processing");

        assertThat(cancel(prediction).path("status").asText()).isEqualTo("canceled");
        assertThat(simulator.release()).isZero();
        assertThat(fetch(prediction).path("status").asText()).isEqualTo("canceled");
        assertThat(fetch(prediction).path("completed_at").asText()).isNotEmpty();
    }

    @Test
    void anEndlessPredictionEndsWhenItIsReleased() throws Exception {
        JsonNode prediction = created("[[sim endless answer=at last]]");
        fetchedOnce(prediction, "processing");

        assertThat(simulator.release("sim-small", 1)).isEqualTo(1);
        assertThat(fetchedOnce(prediction, "succeeded").path("output").asText()).isEqualTo("at last");
        assertThat(cancel(prediction).path("status").asText()).isEqualTo("succeeded");
    }

    @Test
    void aPredictionKeepsItsPlaceUntilItEnds() throws Exception {
        script("\"limits\":{\"concurrent\":1},\"faults\":[{\"kind\":\"endless\"}]");
        JsonNode prediction = created("hello");
        HttpResponse<String> refused = create("hello", "");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(json(refused).path("detail").asText()).startsWith("Request was throttled.");
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
        cancel(prediction);
        assertThat(create("hello", "").statusCode()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "kind":"status","status":500   | 500 | Internal server error
            "kind":"status"                | 429 | Too many requests
            "kind":"quota"                 | 402 | Insufficient credit
            "kind":"context_length"        | 422 | Input validation failed
            "kind":"content_filter","status":422 | 422 | Sensitive content
            """)
    void aFaultStrikesWhereThePredictionIsAskedFor(String fault, int status, String title) throws Exception {
        script("\"faults\":[{" + fault + "}]");
        HttpResponse<String> response = create("hello", "");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).path("title").asText()).isEqualTo(title);
        assertThat(json(response).path("detail").asText()).isNotBlank();
        assertThat(json(response).path("status").asInt()).isEqualTo(status);
        assertThat(simulator.calls())
                .singleElement()
                .satisfies(call -> assertThat(call.status()).isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"version\":\"v\"}",
                "{\"input\":{}}",
                "{\"version\":\"v\",\"input\":[]}",
                "{\"version\":\"v\",\"input\":{},\"webhook\":\"nowhere\"}",
                "{\"version\":\"v\",\"input\":{},\"webhook\":\"ftp://example.com\"}",
                "{\"version\":\"v\",\"input\":{},\"webhook_events_filter\":[\"never\"]}",
            })
    void aBadRequestIsRefused(String body) throws Exception {
        HttpResponse<String> response = caller.post("/v1/predictions", body);

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).path("detail").asText()).isNotBlank();
    }

    @Test
    void whoHasNoKeyMayNotEvenLook() throws Exception {
        JsonNode prediction = created("hello");
        simulator.script("{\"accepted_keys\":[\"another\"]}");
        String path = URI.create(prediction.at("/urls/get").asText()).getPath();

        assertThat(caller.get(path).statusCode()).isEqualTo(401);
        assertThat(caller.post(path + "/cancel", "").statusCode()).isEqualTo(401);
        assertThat(create("hello", "").statusCode()).isEqualTo(401);
        simulator.script(Script.EMPTY);
        assertThat(caller.get("/v1/predictions/nothing").statusCode()).isEqualTo(404);
        assertThat(caller.post(path, "").statusCode()).isEqualTo(405);
        simulator.script("{\"known_models\":[\"another\"]}");
        assertThat(create("hello", "").statusCode()).isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            -                      | succeeded
            ["completed"]          | succeeded
            ["start","completed"]  | processing succeeded
            ["start"]              | processing
            """)
    void aWebhookIsToldWhatItAsksFor(String filter, String expected) throws Exception {
        Queue<JsonNode> told = new ConcurrentLinkedQueue<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            told.add(json(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            String webhook =
                    ",\"webhook\":\"http://127.0.0.1:" + server.getAddress().getPort() + "/told?job=1\""
                            + (filter == null ? "" : ",\"webhook_events_filter\":" + filter);
            JsonNode prediction = json(create("[[sim endless]]", webhook));
            fetchedOnce(prediction, "processing");
            if (expected.startsWith("processing")) {
                await().atMost(Caller.PATIENCE).until(() -> told.size() == 1);
            }
            simulator.release();
            fetchedOnce(prediction, "succeeded");
            await().atMost(Caller.PATIENCE).until(() -> told.size() == expected.split(" ").length);

            assertThat(told).allMatch(one -> one.path("id").equals(prediction.path("id")));
            assertThat(told).extracting(one -> one.path("status").asText()).containsExactly(expected.split(" "));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aHugePredictionIsAsLongAsItSays() throws Exception {
        script("\"faults\":[{\"kind\":\"huge\",\"bytes\":2000000}]");

        assertThat(fetchedOnce(created("hello"), "succeeded").path("output").asText())
                .hasSize(2_000_000);
    }
}
