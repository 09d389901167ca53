package dev.longshore.simulator;

import static dev.longshore.simulator.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is Anthropic's alone. Shapes from the reference of the Messages API, version 2023-06-01.
class AnthropicTest {

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    private HttpResponse<String> post(String body) throws Exception {
        return caller.send(caller.request("/v1/messages")
                .header("anthropic-version", "2023-06-01")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    @Test
    void aMessageHasTheShapeThatAnthropicGives() throws Exception {
        simulator.script(
                "{\"models\":{\"sim-small\":{\"input_tokens\":100,\"cached_tokens\":40,\"output_tokens\":9}}}");
        HttpResponse<String> response = Tongues.MESSAGES.ask(caller, "hello");
        JsonNode message = json(response);

        assertThat(response.headers().firstValue("request-id").orElseThrow()).startsWith("req_");
        assertThat(message.path("id").asText()).startsWith("msg_");
        assertThat(message.path("type").asText()).isEqualTo("message");
        assertThat(message.path("role").asText()).isEqualTo("assistant");
        assertThat(message.path("model").asText()).isEqualTo("sim-small");
        assertThat(message.at("/content/0/type").asText()).isEqualTo("text");
        assertThat(message.path("stop_reason").asText()).isEqualTo("end_turn");
        assertThat(message.path("stop_sequence").isNull()).isTrue();
        assertThat(message.at("/usage/input_tokens").asInt()).isEqualTo(60);
        assertThat(message.at("/usage/cache_read_input_tokens").asInt()).isEqualTo(40);
        assertThat(message.at("/usage/cache_creation_input_tokens").asInt(-1)).isZero();
        assertThat(message.at("/usage/output_tokens").asInt()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({
        "[[sim refusal]], refusal, 1",
        "[[sim content_filter]], refusal, 0",
        "[[sim empty_choices]], end_turn, 0",
        "[[sim output_tokens=9999]], max_tokens, 1",
        "[[sim thinking_tokens=20]], end_turn, 2"
    })
    void anAnswerStopsForAReason(String prompt, String reason, int blocks) throws Exception {
        JsonNode message = json(Tongues.MESSAGES.ask(caller, prompt));

        assertThat(message.path("stop_reason").asText()).isEqualTo(reason);
        assertThat(message.path("content")).hasSize(blocks);
    }

    @Test
    void whatTheModelThoughtIsSignedAndPaidFor() throws Exception {
        JsonNode message = json(Tongues.MESSAGES.ask(caller, "[[sim thinking_tokens=20 output_tokens=5]]"));
        List<JsonNode> events = Tongues.MESSAGES.stream(caller, "[[sim thinking_tokens=20 output_tokens=5]]", "");

        assertThat(message.at("/content/0/type").asText()).isEqualTo("thinking");
        assertThat(message.at("/content/0/thinking").asText()).hasSize(80);
        assertThat(message.at("/content/0/signature").asText()).isNotEmpty();
        assertThat(message.at("/usage/output_tokens").asInt()).isEqualTo(25);
        assertThat(events)
                .extracting(event -> event.at("/delta/type").asText())
                .contains("thinking_delta", "signature_delta", "text_delta");
    }

    @Test
    void anErrorNamesTheRequest() throws Exception {
        HttpResponse<String> response = Tongues.MESSAGES.ask(caller, "[[sim status=529]]");
        JsonNode error = json(response);

        assertThat(error.path("type").asText()).isEqualTo("error");
        assertThat(error.path("error").fieldNames()).toIterable().containsExactly("type", "message");
        assertThat(error.path("request_id").asText())
                .isEqualTo(response.headers().firstValue("request-id").orElseThrow());
        assertThat(response.headers().firstValue("x-request-id")).isEmpty();
    }

    @Test
    void withoutAVersionNothingIsAnswered() throws Exception {
        HttpResponse<String> response = caller.post(
                "/v1/messages",
                "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/message").asText()).isEqualTo("anthropic-version: header is required");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"max_tokens":5,"messages":[{"role":"user","content":"x"}]}             | model: Field required
            {"model":"m","messages":[{"role":"user","content":"x"}]}                | max_tokens: Field required
            {"model":"m","max_tokens":0,"messages":[{"role":"user","content":"x"}]} | max_tokens: Field required
            {"model":"m","max_tokens":5,"messages":[]}                              | messages: at least one message is required
            {"model":"m","max_tokens":5,"messages":[{"role":"system","content":"x"}]} | messages.0.role: Input should be 'user' or 'assistant'
            """)
    void whatIsMissingIsNamed(String body, String message) throws Exception {
        HttpResponse<String> response = post(body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(json(response).at("/error/message").asText()).isEqualTo(message);
    }

    @Test
    void theKeyMayComeAsABearer() throws Exception {
        simulator.script("{\"accepted_keys\":[\"" + Tongues.KEY + "\"]}");

        assertThat(post("{\"model\":\"m\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatIsLeftOfTheLimitsIsToldWithTheTimeWhenAllIsBack() throws Exception {
        simulator.script(
                "{\"default\":{\"input_tokens\":100,\"limits\":{\"requests_per_minute\":2,\"tokens_per_minute\":1000}}}");
        Instant before = Instant.now();
        HttpResponse<String> response = Tongues.MESSAGES.ask(caller, "hello");

        assertThat(response.headers().firstValue("anthropic-ratelimit-requests-limit"))
                .hasValue("2");
        assertThat(response.headers().firstValue("anthropic-ratelimit-requests-remaining"))
                .hasValue("1");
        assertThat(response.headers().firstValue("anthropic-ratelimit-tokens-remaining"))
                .hasValue("900");
        assertThat(Instant.parse(response.headers()
                        .firstValue("anthropic-ratelimit-requests-reset")
                        .orElseThrow()))
                .isBetween(before.plusSeconds(28), before.plusSeconds(90));
        assertThat(response.headers().map()).doesNotContainKey("x-ratelimit-limit-requests");
    }

    @Test
    void aStreamTellsItsEventsByName() throws Exception {
        String body = caller.send(Tongues.MESSAGES.streamRequest(caller, "[[sim answer=one two]]", ""))
                .body();

        assertThat(body.lines().filter(line -> line.startsWith("event: ")).map(line -> line.substring(7)))
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "ping",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        List<JsonNode> events = Tongues.events(body);
        assertThat(events).extracting(event -> event.path("type").asText()).startsWith("message_start");
        assertThat(events.get(6).at("/delta/stop_reason").asText()).isEqualTo("end_turn");
        assertThat(events.get(6).at("/usage/output_tokens").asInt()).isPositive();
    }

    @Test
    void theResultOfAToolIsNoNewOrder() throws Exception {
        String more = "\"model\":\"m\",\"max_tokens\":500,\"tools\":[{\"name\":\"look\"}],\"messages\":[";
        String asked = "{\"role\":\"user\",\"content\":\"[[sim tool=look]] please\"}";
        String called =
                ",{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"look\",\"input\":{}}]}"
                        + ",{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"a cat\"}]}";

        assertThat(json(post("{" + more + asked + "]}")).path("stop_reason").asText())
                .isEqualTo("tool_use");
        assertThat(json(post("{" + more + asked + called + "]}"))
                        .at("/content/0/text")
                        .asText())
                .contains("please");
    }
}
