package dev.longshore.simulator;

import static dev.longshore.simulator.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the simulator remembers of its calls.
class MemoryTest {

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void aCallIsRememberedWithItsSender() throws Exception {
        caller.send(caller.request("/v1/chat/completions")
                .header("x-longshore-job-id", "job_1")
                .header("x-longshore-attempt", "2")
                .header("Idempotency-Key", "key-1")
                .header("User-Agent", "u".repeat(1_000))
                .POST(HttpRequest.BodyPublishers.ofString(Caller.body("sim-small", "hello", "")))
                .build());
        JsonNode call = json(caller.get("/_sim/calls")).at("/data/0");

        assertThat(call.get("number").asLong()).isEqualTo(1);
        assertThat(call.get("route").asText()).isEqualTo("chat");
        assertThat(call.get("model").asText()).isEqualTo("sim-small");
        assertThat(call.get("model_number").asLong()).isEqualTo(1);
        assertThat(call.get("status").asInt()).isEqualTo(200);
        assertThat(call.get("open_at_arrival").asInt()).isEqualTo(1);
        assertThat(call.get("aborted").asBoolean()).isFalse();
        assertThat(call.get("key_tail").asText()).isEqualTo("abcd");
        assertThat(call.get("job_id").asText()).isEqualTo("job_1");
        assertThat(call.get("attempt").asText()).isEqualTo("2");
        assertThat(call.get("idempotency_key").asText()).isEqualTo("key-1");
        assertThat(call.get("user_agent").asText()).hasSize(200);
        assertThat(call.get("prompt_hash").asText()).hasSize(16);
        assertThat(call.get("input_tokens").asInt()).isEqualTo(4);
        assertThat(call.get("output_tokens").asInt()).isPositive();
        assertThat(call.get("ended_at").asLong())
                .isGreaterThanOrEqualTo(call.get("received_at").asLong());
    }

    @Test
    void equalPromptsHaveEqualHashes() throws Exception {
        caller.chat("one");
        caller.chat("two");
        caller.chat("sim-large", "one", "");
        List<Call> calls = simulator.calls();

        assertThat(calls.get(0).promptHash())
                .isEqualTo(calls.get(2).promptHash())
                .isNotEqualTo(calls.get(1).promptHash());
    }

    @Test
    void theLogIsReadPageByPageAndByModel() throws Exception {
        for (int i = 0; i < 5; i++) {
            caller.chat(i % 2 == 0 ? "even" : "odd", "hello", "");
        }
        JsonNode first = json(caller.get("/_sim/calls?limit=3"));
        JsonNode rest = json(caller.get("/_sim/calls?after=" + first.get("next").asLong()));

        assertThat(first.get("has_more").asBoolean()).isTrue();
        assertThat(first.get("data").findValuesAsText("number")).containsExactly("1", "2", "3");
        assertThat(rest.get("has_more").asBoolean()).isFalse();
        assertThat(rest.get("data").findValuesAsText("number")).containsExactly("4", "5");
        assertThat(json(caller.get("/_sim/calls?model=odd")).get("data").findValuesAsText("number"))
                .containsExactly("2", "4");
        assertThat(caller.get("/_sim/calls?after=x").statusCode()).isEqualTo(400);
    }

    @Test
    void openCallsAreCountedOverallPerModelAndPerKey() throws Exception {
        simulator.script("{\"default\":{\"faults\":[{\"kind\":\"hold\"}]}}");
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            calls.add(caller.chatLater(i < 4 ? "a" : "b", "hello"));
        }
        await().atMost(Caller.PATIENCE).until(() -> simulator.stats().all().open() == 6);
        assertThat(simulator.release("a", 3)).isEqualTo(3);
        await().atMost(Caller.PATIENCE).until(() -> simulator.stats().all().open() == 3);
        JsonNode stats = json(caller.get("/_sim/stats"));

        assertThat(stats.get("calls").asInt()).isEqualTo(6);
        assertThat(stats.get("max_open").asInt()).isEqualTo(6);
        assertThat(stats.at("/models/a/max_open").asInt()).isEqualTo(4);
        assertThat(stats.at("/models/a/open").asInt()).isEqualTo(1);
        assertThat(stats.at("/models/b/max_open").asInt()).isEqualTo(2);
        assertThat(stats.at("/keys/abcd/max_open").asInt()).isEqualTo(6);
        assertThat(stats.at("/statuses/200").asInt()).isEqualTo(3);
        assertThat(stats.at("/faults/hold").asInt()).isEqualTo(3);
        assertThat(stats.get("max_per_minute").asInt()).isEqualTo(6);
        assertThat(simulator.calls()).extracting(Call::openAtArrival).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L);
        simulator.release();
        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).get();
    }

    @Test
    void aResetForgetsEverythingButWhatIsOpen() throws Exception {
        simulator.script("{\"models\":{\"a\":{\"faults\":[{\"kind\":\"hold\"}]}}}");
        CompletableFuture<HttpResponse<String>> held = caller.chatLater("a", "hello");
        caller.chat("hello");
        await().atMost(Caller.PATIENCE).until(() -> simulator.calls("a").size() == 1);
        simulator.reset();

        assertThat(simulator.calls()).isEmpty();
        assertThat(simulator.stats().all().calls()).isZero();
        assertThat(simulator.stats().all().open()).isEqualTo(1);
        simulator.release();
        assertThat(held.get().statusCode()).isEqualTo(200);
        assertThat(simulator.stats().all().open()).isZero();
        assertThat(simulator.stats().all().statuses()).isEmpty();
        assertThat(simulator.stats().all().maxOpen()).isEqualTo(1);
    }

    @Test
    void aClientThatLeavesWhileItsAnswerIsBeingWaitedForIsNoticed() throws Exception {
        simulator.script("{\"default\":{\"latency\":{\"fixed_ms\":600000},\"limits\":{\"concurrent\":1}}}");
        CompletableFuture<HttpResponse<String>> call = caller.chatLater("sim-small", "hello");
        await().atMost(Caller.PATIENCE).until(() -> simulator.stats().all().open() == 1);
        try (Caller other = new Caller(simulator)) {
            assertThat(other.chat("hello").statusCode()).isEqualTo(429);
            caller.close();
            await().atMost(Caller.PATIENCE).until(() -> simulator.stats().all().aborted() == 1);
            assertThat(call).isCompletedExceptionally();
            assertThat(simulator.calls().getFirst().aborted()).isTrue();
            other.chatLater("sim-small", "now there is room");
            await().atMost(Caller.PATIENCE).until(() -> simulator.stats().all().open() == 1);
        }
    }

    @Test
    void theLogKeepsTheLatestCalls() {
        CallLog log = new CallLog(100);
        Arrival arrival = new Arrival(1_000, null, null, null, null, null);
        for (int i = 0; i < 250; i++) {
            log.close(log.open(arrival, "chat", "m", i, 0), 200, null, false, 2_000);
        }

        assertThat(log.after(0, 1_000, null))
                .hasSize(100)
                .first()
                .satisfies(call -> assertThat(call.number()).isEqualTo(151));
        assertThat(log.stats().all().calls()).isEqualTo(250);
    }
}
