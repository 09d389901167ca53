package dev.longshore.simulator;

import static dev.longshore.simulator.Caller.json;
import static dev.longshore.simulator.Caller.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    private void fault(String json) {
        simulator.script("{\"models\":{\"sim-small\":{\"faults\":[" + json + "]}}}");
    }

    private Call last() {
        return simulator.calls().getLast();
    }

    @Test
    void aStatusCarriesItsHeadersAndAnErrorBody() throws Exception {
        fault("{\"kind\":\"status\",\"status\":429,\"retry_after\":\"2\",\"headers\":{\"X-Extra\":\"yes\"}}");
        HttpResponse<String> response = caller.chat("hello");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("retry-after")).hasValue("2");
        assertThat(response.headers().firstValue("x-extra")).hasValue("yes");
        assertThat(json(response).at("/error/code").asText()).isEqualTo("rate_limit_exceeded");
        assertThat(last().status()).isEqualTo(429);
        assertThat(last().fault()).isEqualTo(FaultKind.STATUS);
    }

    @Test
    void aStatusMayHaveABodyOfItsOwn() throws Exception {
        fault("{\"kind\":\"status\",\"status\":502,\"body\":\"<html>Bad Gateway</html>\"}");
        assertThat(caller.chat("hello").body()).isEqualTo("<html>Bad Gateway</html>");
        fault("{\"kind\":\"status\",\"status\":500,\"body\":{\"oops\":true}}");
        assertThat(json(caller.chat("hello")).get("oops").asBoolean()).isTrue();
    }

    @Test
    void retryAfterMayBeADate() throws Exception {
        fault("{\"kind\":\"status\",\"status\":503,\"retry_after\":\"date:+3600\"}");
        String header = caller.chat("hello").headers().firstValue("retry-after").orElseThrow();
        long ahead = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toEpochSecond()
                - last().receivedAt() / 1000;

        assertThat(ahead).isBetween(3599L, 3630L);
    }

    @Test
    void retryAfterMsAndQuotaAre429s() throws Exception {
        fault("{\"kind\":\"retry_after_ms\",\"retry_after_ms\":350}");
        HttpResponse<String> soon = caller.chat("hello");
        fault("{\"kind\":\"quota\"}");
        HttpResponse<String> quota = caller.chat("hello");

        assertThat(soon.statusCode()).isEqualTo(429);
        assertThat(soon.headers().firstValue("retry-after-ms")).hasValue("350");
        assertThat(soon.headers().firstValue("retry-after")).isEmpty();
        assertThat(quota.statusCode()).isEqualTo(429);
        assertThat(json(quota).at("/error/code").asText()).isEqualTo("insufficient_quota");
    }

    @Test
    void aHangEndsWhenTheClientLeaves() throws Exception {
        fault("{\"kind\":\"hang\"}");
        CompletableFuture<HttpResponse<String>> call = caller.chatLater("sim-small", "hello");
        await().atMost(Caller.PATIENCE).until(() -> simulator.stats().all().open() == 1);
        assertThat(last().endedAt()).isNull();
        assertThat(call).isNotDone();
        caller.close();

        await().atMost(Caller.PATIENCE).until(() -> simulator.stats().all().open() == 0);
        assertThat(last().aborted()).isTrue();
        assertThat(last().status()).isNull();
        assertThat(last().endedAt()).isGreaterThanOrEqualTo(last().receivedAt());
        assertThat(simulator.stats().all().aborted()).isEqualTo(1);
    }

    @Test
    void aHeldCallIsAnsweredWhenItIsReleased() throws Exception {
        fault("{\"kind\":\"hold\"}");
        CompletableFuture<HttpResponse<String>> first = caller.chatLater("sim-small", "first");
        await().atMost(Caller.PATIENCE).until(() -> simulator.stats().all().open() == 1);
        CompletableFuture<HttpResponse<String>> second = caller.chatLater("sim-small", "second");
        await().atMost(Caller.PATIENCE).until(() -> simulator.stats().all().open() == 2);

        assertThat(simulator.release("sim-small", 1)).isEqualTo(1);
        assertThat(text(first.get())).contains("first");
        assertThat(second).isNotDone();
        assertThat(json(caller.post("/_sim/release", "")).get("released").asInt())
                .isEqualTo(1);
        assertThat(text(second.get())).contains("second");
        assertThat(simulator.release()).isZero();
    }

    @Test
    void afterTheHeadersThereMayBeSilence() throws Exception {
        fault("{\"kind\":\"hang_after_headers\"}");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = caller.request("/v1/chat/completions")
                    .POST(HttpRequest.BodyPublishers.ofString(Caller.body("sim-small", "hello", "")))
                    .build();
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body().available()).isZero();
            assertThat(last().endedAt()).isNull();
            client.shutdownNow();
        }
        await().atMost(Caller.PATIENCE).until(() -> simulator.stats().all().open() == 0);
        assertThat(last().aborted()).isTrue();
        assertThat(last().status()).isEqualTo(200);
    }

    @Test
    void aResetConnectionIsSeenAsReset() {
        fault("{\"kind\":\"reset\"}");

        assertThatThrownBy(() -> caller.chat("hello"))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("reset");
        assertThat(last().fault()).isEqualTo(FaultKind.RESET);
        assertThat(last().aborted()).isFalse();
        assertThat(last().status()).isNull();
    }

    @Test
    void aClosedConnectionIsSeenAsClosed() {
        fault("{\"kind\":\"close\"}");

        assertThatThrownBy(() -> caller.chat("hello"))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("EOF");
        assertThat(last().fault()).isEqualTo(FaultKind.CLOSE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"broken_stream", "wrong_content_length"})
    void anAnswerThatBreaksOffIsSeenAsBroken(String kind) {
        fault("{\"kind\":\"" + kind + "\"}");

        assertThatThrownBy(() -> caller.chat("hello")).isInstanceOf(IOException.class);
        assertThat(last().status()).isEqualTo(200);
        assertThat(last().fault()).isEqualTo(FaultKind.of(kind));
    }

    @Test
    void aStreamBreaksOffAfterTheScriptedNumberOfPieces() throws Exception {
        fault("{\"kind\":\"broken_stream\",\"after_chunks\":3}");
        StringBuilder seen = new StringBuilder();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = caller.request("/v1/chat/completions")
                    .POST(HttpRequest.BodyPublishers.ofString(Caller.body("sim-small", "hello", ",\"stream\":true")))
                    .build();
            InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream())
                    .body();
            assertThatThrownBy(() -> {
                        for (int next = body.read(); next >= 0; next = body.read()) {
                            seen.append((char) next);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(seen.toString().split("data: ", -1)).hasSize(4);
        assertThat(seen.toString()).doesNotContain("[DONE]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"malformed", "truncated_json"})
    void aBodyThatIsNoJsonIsSentAsIfItWere(String kind) throws Exception {
        fault("{\"kind\":\"" + kind + "\"}");
        HttpResponse<String> response = caller.chat("hello");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThatThrownBy(() -> Caller.JSON.readTree(response.body())).isInstanceOf(JsonProcessingException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"malformed", "truncated_json", "error_in_200"})
    void streamsAreSpoiltInTheSameWays(String kind) throws Exception {
        fault("{\"kind\":\"" + kind + "\"}");
        String body = caller.chat("sim-small", "hello", ",\"stream\":true").body();

        assertThat(body).startsWith("data: ");
        assertThat(body).doesNotContain("\"finish_reason\":\"stop\"");
    }

    @Test
    void aSuccessMayHideAnError() throws Exception {
        fault("{\"kind\":\"error_in_200\",\"message\":\"it broke\"}");
        HttpResponse<String> response = caller.chat("hello");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).at("/error/message").asText()).isEqualTo("it broke");
    }

    @Test
    void anAnswerMayBeEmptyDeclinedOrFiltered() throws Exception {
        fault("{\"kind\":\"empty_choices\"}");
        assertThat(json(caller.chat("hello")).get("choices")).isEmpty();

        fault("{\"kind\":\"refusal\"}");
        JsonNode declined = json(caller.chat("hello")).at("/choices/0/message");
        assertThat(declined.get("content").isNull()).isTrue();
        assertThat(declined.get("refusal").asText()).isNotBlank();

        fault("{\"kind\":\"content_filter\"}");
        assertThat(json(caller.chat("hello")).at("/choices/0/finish_reason").asText())
                .isEqualTo("content_filter");

        fault("{\"kind\":\"content_filter\",\"status\":400,\"code\":\"content_filter\"}");
        HttpResponse<String> refused = caller.chat("hello");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).at("/error/code").asText()).isEqualTo("content_filter");
    }

    @Test
    void aContextMayBeCalledTooLong() throws Exception {
        fault("{\"kind\":\"context_length\"}");
        HttpResponse<String> response = caller.chat("hello");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/code").asText()).isEqualTo("context_length_exceeded");
    }

    @Test
    void aHugeAnswerIsAsLongAsItSays() throws Exception {
        fault("{\"kind\":\"huge\",\"bytes\":5000000}");

        assertThat(text(caller.chat("hello"))).hasSize(5_000_000);
    }

    @Test
    void aSlowAnswerIsLateButWhole() throws Exception {
        fault("{\"kind\":\"slow\",\"latency_ms\":150}");

        assertThat(caller.chat("hello").statusCode()).isEqualTo(200);
        assertThat(last().endedAt()).isGreaterThanOrEqualTo(last().receivedAt() + 150);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "malformed",
                "truncated_json",
                "error_in_200",
                "empty_choices",
                "content_filter",
                "context_length",
                "quota",
                "slow",
                "huge"
            })
    void embeddingsFailInTheSameWays(String kind) throws Exception {
        simulator.script(
                new Script(null, Behaviour.ORDINARY.withFaults(Fault.of(FaultKind.of(kind))), null, null, null));
        HttpResponse<String> response = caller.post("/v1/embeddings", "{\"model\":\"sim-embed\",\"input\":\"x\"}");

        assertThat(response.body()).isNotEmpty();
        assertThat(last().fault()).isEqualTo(FaultKind.of(kind));
    }
}
