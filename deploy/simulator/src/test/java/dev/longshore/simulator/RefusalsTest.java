package dev.longshore.simulator;

import static dev.longshore.simulator.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsTest {

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void onlyAcceptedKeysAreLetInAndNoKeyIsEverShown() throws Exception {
        simulator.script("{\"accepted_keys\":[\"sk-the-right-one\"]}");
        HttpResponse<String> refused = caller.chat("hello");

        assertThat(refused.statusCode()).isEqualTo(401);
        assertError(refused, "invalid_request_error", "invalid_api_key");
        assertThat(refused.body()).doesNotContain("sk-paper");
        assertThat(caller.get("/v1/models").statusCode()).isEqualTo(401);
        assertThat(caller.get("/_sim/script").body()).contains("...-one").doesNotContain("sk-the");
        simulator.script("{\"accepted_keys\":[\"sk-paper-abcd\"]}");
        assertThat(caller.chat("hello").statusCode()).isEqualTo(200);
    }

    @Test
    void anUnknownModelIsRefusedOnlyIfTheKnownOnesAreNamed() throws Exception {
        assertThat(caller.chat("whatever", "hello", "").statusCode()).isEqualTo(200);
        simulator.script("{\"known_models\":[\"sim-small\"]}");
        HttpResponse<String> refused = caller.chat("whatever", "hello", "");

        assertThat(refused.statusCode()).isEqualTo(404);
        assertError(refused, "invalid_request_error", "model_not_found");
        assertThat(caller.chat("hello").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"model\":\"m\"",
                "null",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "{\"model\":\"m\"}",
                "{\"model\":\"m\",\"messages\":[]}",
                "{\"model\":\"m\",\"messages\":\"x\"}",
                "{\"model\":\"m\",\"messages\":[3]}"
            })
    void aBadRequestIsA400InOpenAisShape(String body) throws Exception {
        HttpResponse<String> refused = caller.post("/v1/chat/completions", body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(simulator.calls()).singleElement().satisfies(call -> {
            assertThat(call.status()).isEqualTo(400);
            assertThat(call.modelNumber()).isZero();
        });
    }

    @Test
    void deepNestingIsA400() throws Exception {
        String deep = "{\"model\":\"m\",\"x\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";

        assertThat(caller.post("/v1/chat/completions", deep).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input\":\"x\"}",
                "{\"model\":\"m\"}",
                "{\"model\":\"m\",\"input\":\"\"}",
                "{\"model\":\"m\",\"input\":[]}",
                "{\"model\":\"m\",\"input\":{}}",
                "{\"model\":\"m\",\"input\":\"x\",\"dimensions\":0}"
            })
    void aBadEmbeddingsRequestIsA400(String body) throws Exception {
        assertThat(caller.post("/v1/embeddings", body).statusCode()).isEqualTo(400);
    }

    @Test
    void otherPathsAndMethodsAreToldSo() throws Exception {
        assertThat(caller.get("/v2/nothing").statusCode()).isEqualTo(404);
        assertThat(caller.get("/_sim/nothing").statusCode()).isEqualTo(404);
        HttpResponse<String> refused = caller.get("/v1/chat/completions");

        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("allow")).hasValue("POST");
    }

    @Test
    void aContextThatIsTooLongIsRefused() throws Exception {
        simulator.script("{\"models\":{\"sim-small\":{\"context_tokens\":10}}}");

        assertThat(caller.chat("short").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = caller.chat("x".repeat(100));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertError(refused, "invalid_request_error", "context_length_exceeded");
    }

    @Test
    void overTheRequestLimitIsA429ThatSaysWhenToComeBack() throws Exception {
        simulator.script("{\"models\":{\"sim-small\":{\"limits\":{\"requests_per_minute\":2}}}}");
        HttpResponse<String> first = caller.chat("hello");
        caller.chat("hello");
        HttpResponse<String> third = caller.chat("hello");

        assertThat(first.headers().firstValue("x-ratelimit-limit-requests")).hasValue("2");
        assertThat(first.headers().firstValue("x-ratelimit-remaining-requests")).hasValue("1");
        assertThat(first.headers().firstValue("x-ratelimit-reset-requests")).isPresent();
        assertThat(third.statusCode()).isEqualTo(429);
        assertError(third, "requests", "rate_limit_exceeded");
        assertThat(third.headers().firstValueAsLong("retry-after").orElseThrow())
                .isBetween(1L, 30L);
        assertThat(third.headers().firstValue("x-ratelimit-remaining-requests")).hasValue("0");
        assertThat(caller.chat("sim-large", "hello", "").statusCode()).isEqualTo(200);
    }

    @Test
    void aWrongScriptIsRefusedWithItsPlaceAndTheOldOneStays() throws Exception {
        simulator.script("{\"seed\":7}");
        HttpResponse<String> unknown = caller.method("PUT", "/_sim/script", "{\"modls\":{}}");
        HttpResponse<String> kind = caller.method(
                "PUT", "/_sim/script", "{\"models\":{\"a\":{\"faults\":[{\"kind\":\"hang\"},{\"kind\":\"hiccup\"}]}}}");

        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("wrong at modls: there is no such field");
        assertThat(kind.body()).contains("models.a.faults[1].kind").contains("there is no fault called hiccup");
        assertThat(json(caller.get("/_sim/script")).get("seed").asInt()).isEqualTo(7);
    }

    private static void assertError(HttpResponse<String> response, String type, String code) {
        JsonNode error = json(response).get("error");
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(error.get("message").asText()).isNotBlank();
        assertThat(error.get("type").asText()).isEqualTo(type);
        assertThat(error.get("code").asText()).isEqualTo(code);
    }
}
