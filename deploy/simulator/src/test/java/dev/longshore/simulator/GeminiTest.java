package dev.longshore.simulator;

import static dev.longshore.simulator.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is Google's alone. Shapes from the reference of the Gemini API, v1beta.
class GeminiTest {

    private static final String HELLO = "{\"contents\":[{\"parts\":[{\"text\":\"hello\"}]}]}";

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    private void fault(String fault) {
        simulator.script("{\"models\":{\"sim-small\":{\"faults\":[{" + fault + "}]}}}");
    }

    @Test
    void anAnswerHasTheShapeThatGoogleGives() throws Exception {
        simulator.script("{\"models\":{\"sim-small\":{\"input_tokens\":100,\"cached_tokens\":40,\"output_tokens\":9,"
                + "\"thinking_tokens\":5,\"version\":\"sim-small-001\"}}}");
        JsonNode body = json(Tongues.CONTENTS.ask(caller, "hello"));

        assertThat(body.at("/candidates/0/content/role").asText()).isEqualTo("model");
        assertThat(body.at("/candidates/0/finishReason").asText()).isEqualTo("STOP");
        assertThat(body.at("/candidates/0/index").asInt(-1)).isZero();
        assertThat(body.path("usageMetadata").toString())
                .isEqualTo("{\"promptTokenCount\":100,\"cachedContentTokenCount\":40,\"candidatesTokenCount\":9,"
                        + "\"thoughtsTokenCount\":5,\"totalTokenCount\":114}");
        assertThat(body.path("modelVersion").asText()).isEqualTo("sim-small-001");
        assertThat(body.path("responseId").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1beta/models/sim-small:generateContent",
                "/v1/models/sim-small:generateContent",
                "/v1beta/models/sim%2Dsmall:generateContent",
                "/v1beta/models/sim-small:streamGenerateContent?alt=sse"
            })
    void theModelIsPartOfThePath(String path) throws Exception {
        assertThat(caller.post(path, HELLO).statusCode()).isEqualTo(200);
        assertThat(simulator.calls("sim-small")).hasSize(1);
    }

    @Test
    void otherMethodsAndStreamsAreNotServed() throws Exception {
        assertThat(caller.post("/v1beta/models/sim-small:ponder", HELLO).statusCode())
                .isEqualTo(404);
        assertThat(caller.get("/v1beta/models/sim-small:generateContent").statusCode())
                .isEqualTo(405);
        HttpResponse<String> array = caller.post("/v1beta/models/sim-small:streamGenerateContent", HELLO);
        assertThat(array.statusCode()).isEqualTo(400);
        assertThat(array.body()).contains("alt=sse");
        assertThat(caller.post("/v1beta/models/sim-small:generateContent", "{}").statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "[[sim output_tokens=9999]], MAX_TOKENS",
        "[[sim refusal]], STOP",
    })
    void anAnswerFinishesForAReason(String prompt, String reason) throws Exception {
        JsonNode body = json(Tongues.CONTENTS.ask(caller, prompt, ",\"generationConfig\":{\"maxOutputTokens\":50}"));

        assertThat(body.at("/candidates/0/finishReason").asText()).isEqualTo(reason);
    }

    @Test
    void whatAFilterKeepsBackHasNoCandidates() throws Exception {
        JsonNode body = json(Tongues.CONTENTS.ask(caller, "[[sim content_filter]]"));
        List<JsonNode> events = Tongues.CONTENTS.stream(caller, "[[sim content_filter]]", "");

        assertThat(body.has("candidates")).isFalse();
        assertThat(body.at("/promptFeedback/blockReason").asText()).isEqualTo("PROHIBITED_CONTENT");
        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.has("promptFeedback")).isTrue());
    }

    @Test
    void onlyTheLastChunkOfAStreamSaysWhyItFinishes() throws Exception {
        List<JsonNode> events = Tongues.CONTENTS.stream(caller, "[[sim answer=one two three]]", "");

        assertThat(events)
                .extracting(event -> event.at("/candidates/0/finishReason").asText(""))
                .containsExactly("", "", "", "STOP");
        assertThat(events).allMatch(event -> event.has("usageMetadata"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "kind":"status","retry_after":"34"                       | 34s
            "kind":"status","status":503,"retry_after":"date:+5"     | 5s
            "kind":"status","retry_after_ms":350                     | 0.35s
            "kind":"retry_after_ms"                                  | 1s
            "kind":"status","retry_after":"soon"                     | ``
            "kind":"status"                                          | ``
            """)
    void theBodySaysWhenToComeBack(String fault, String delay) throws Exception {
        fault(fault);
        JsonNode details = json(Tongues.CONTENTS.ask(caller, "hello")).at("/error/details");

        assertThat(details.findPath("retryDelay").asText("")).isEqualTo(delay);
        assertThat(details.findPath("@type").asText(""))
                .isEqualTo(delay.isEmpty() ? "" : "type.googleapis.com/google.rpc.RetryInfo");
    }

    @Test
    void detailsTellALimitFromAQuotaAndWhatIsWrongWithAKey() throws Exception {
        simulator.script(
                "{\"default\":{\"limits\":{\"requests_per_minute\":1}},\"accepted_keys\":[\"" + Tongues.KEY + "\"]}");
        Tongues.CONTENTS.ask(caller, "hello");
        JsonNode limit = json(Tongues.CONTENTS.ask(caller, "hello"));
        JsonNode key = json(Tongues.CONTENTS.askWithKey(caller, "wrong"));
        fault("\"kind\":\"quota\"");
        JsonNode quota = json(Tongues.CONTENTS.ask(caller, "hello"));

        assertThat(limit.findPath("quotaId").asText()).contains("PerMinute");
        assertThat(limit.findPath("retryDelay").asText()).matches("(5\\d|60)(\\.\\d+)?s");
        assertThat(quota.findPath("quotaId").asText()).contains("PerDay");
        assertThat(key.findPath("reason").asText()).isEqualTo("API_KEY_INVALID");
        assertThat(limit.at("/error/code").asInt()).isEqualTo(429);
    }

    @Test
    void theKeyMayBePartOfTheAddress() throws Exception {
        simulator.script("{\"accepted_keys\":[\"k-1\"]}");
        HttpRequest.Builder with = caller.bare("/v1beta/models/sim-small:generateContent?key=k-1");
        HttpRequest.Builder without = caller.bare("/v1beta/models/sim-small:generateContent");

        assertThat(caller.send(with.POST(HttpRequest.BodyPublishers.ofString(HELLO))
                                .build())
                        .statusCode())
                .isEqualTo(200);
        assertThat(caller.send(without.POST(HttpRequest.BodyPublishers.ofString(HELLO))
                                .build())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void textsAreEmbeddedAloneOrTogether() throws Exception {
        JsonNode one = json(caller.post(
                "/v1beta/models/sim-embed:embedContent",
                "{\"content\":{\"parts\":[{\"text\":\"a red ship\"}]},\"outputDimensionality\":64}"));
        JsonNode many = json(caller.post("/v1beta/models/sim-embed:batchEmbedContents", """
                {"requests":[
                  {"model":"models/sim-embed","content":{"parts":[{"text":"a red ship"}]},"outputDimensionality":64},
                  {"model":"models/sim-embed","content":{"parts":[{"text":"taxes"}]},"outputDimensionality":64}]}"""));

        assertThat(one.at("/embedding/values")).hasSize(64);
        assertThat(many.path("embeddings")).hasSize(2);
        assertThat(many.at("/embeddings/0/values")).isEqualTo(one.at("/embedding/values"));
        assertThat(many.at("/embeddings/1/values")).isNotEqualTo(one.at("/embedding/values"));
        assertThat(caller.post("/v1beta/models/sim-embed:batchEmbedContents", "{\"requests\":[]}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void theResultOfAFunctionIsNoNewOrder() throws Exception {
        String asked = "{\"role\":\"user\",\"parts\":[{\"text\":\"[[sim tool=look]] please\"}]}";
        String called = ",{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"look\"}}]},{\"role\":\"user\","
                + "\"parts\":[{\"functionResponse\":{\"name\":\"look\",\"response\":{\"result\":\"a cat\"}}}]}";
        String path = "/v1beta/models/sim-small:generateContent";
        String tools = "],\"tools\":[{\"functionDeclarations\":[{\"name\":\"look\"}]}]}";

        assertThat(json(caller.post(path, "{\"contents\":[" + asked + tools))
                        .findPath("functionCall")
                        .path("name")
                        .asText())
                .isEqualTo("look");
        assertThat(json(caller.post(path, "{\"contents\":[" + asked + called + tools))
                        .at("/candidates/0/content/parts/0/text")
                        .asText())
                .contains("please");
    }
}
