package dev.longshore.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longshore.standalone.child.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SampleRunTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path SAMPLE = Path.of("sample/tickets.jsonl");

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(new PrintStream(shown, true, StandardCharsets.UTF_8));
    private final Map<String, ObjectNode> jobs = new ConcurrentHashMap<>();
    private HttpServer api;
    private String lastStatus = "complete";

    @BeforeEach
    void serve() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/v1/jobs", this::answer);
        api.start();
    }

    @AfterEach
    void close() {
        api.stop(0);
    }

    @Test
    void everyLineOfTheSampleIsSubmittedAndFollowedToItsEnd() throws Exception {
        boolean complete = new SampleRun(terminal, false).run(uri(), "sk-right", SAMPLE);
        terminal.flush();
        assertThat(complete).isTrue();
        assertThat(jobs).hasSize(40);
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .contains("interactive 12/12   standard 18/18   batch 10/10")
                .contains("40 of 40 jobs complete")
                .contains("400 tokens in, 200 tokens out, 0.040000 US dollars")
                .contains("answer to");
    }

    @Test
    void theBarsAreDrawnInPlaceOnATerminal() throws Exception {
        new SampleRun(terminal, true).run(uri(), "sk-right", SAMPLE);
        terminal.flush();
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .contains("\u001b[3A\u001b[J")
                .contains("█".repeat(30) + "   12/12 complete   0 processing");
    }

    @Test
    void aJobThatFailsIsNamedAndTheRunIsNoSuccess() throws Exception {
        lastStatus = "failed";
        boolean complete = new SampleRun(terminal, false).run(uri(), "sk-right", SAMPLE);
        terminal.flush();
        assertThat(complete).isFalse();
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .contains("0 of 40 jobs complete")
                .contains("MODEL_TIMEOUT");
    }

    @Test
    void aRefusalIsPassedOnInItsOwnWords() {
        assertThatThrownBy(() -> new SampleRun(terminal, false).run(uri(), "sk-wrong", SAMPLE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("POST /v1/jobs answered 401")
                .hasMessageContaining("UNAUTHENTICATED");
    }

    @Test
    void theSampleUsesEveryLaneAndOnlyTheDemoModels() throws IOException {
        var lines =
                Files.readAllLines(SAMPLE).stream().map(SampleRunTest::parse).toList();
        assertThat(lines)
                .extracting(line -> line.path("lane").asText())
                .containsOnly("interactive", "standard", "batch");
        assertThat(lines)
                .extracting(line -> line.at("/input/model").asText())
                .isSubsetOf(Set.of("sim-small", "sim-large", "sim-embed"));
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + api.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (!"Bearer sk-right".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "{\"error\":{\"code\":\"UNAUTHENTICATED\"}}");
        } else if (exchange.getRequestMethod().equals("POST")) {
            var body = (ObjectNode) JSON.readTree(exchange.getRequestBody());
            String id = "job_" + jobs.size();
            var job = JSON.createObjectNode().put("job_id", id).put("status", "queued");
            job.set("lane", body.path("lane"));
            job.set("labels", body.path("labels"));
            jobs.put(id, job);
            send(exchange, 202, job.toString());
        } else {
            String path = exchange.getRequestURI().getPath();
            ObjectNode job = jobs.get(path.substring(path.lastIndexOf('/') + 1));
            send(exchange, 200, job.toString());
            // Each look finds it one step further.
            if (job.path("status").asText().equals("queued")) job.put("status", "processing");
            else finish(job);
        }
    }

    private void finish(ObjectNode job) {
        job.put("status", lastStatus).put("cost_usd", 0.001);
        job.putObject("usage").put("input_tokens", 10).put("output_tokens", 5);
        job.putObject("error").put("code", "MODEL_TIMEOUT");
        job.putObject("result")
                .putArray("choices")
                .addObject()
                .putObject("message")
                .put("content", "answer to " + job.path("job_id").asText());
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
