package dev.longshore.simulator;

import static dev.longshore.simulator.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds in every tongue: the script is obeyed, and the words alone differ.
class TonguesTest {

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    private void script(String behaviour) {
        simulator.script("{\"models\":{\"sim-small\":{" + behaviour + "}}}");
    }

    private void fault(String fault) {
        script("\"faults\":[{" + fault + "}]");
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerIsTheScriptedOneAndIsLogged(Tongues tongue) throws Exception {
        script("\"answer\":\"Yes.\",\"input_tokens\":342,\"output_tokens\":17");
        HttpResponse<String> response = tongue.ask(caller, "hello");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(json(response).at(tongue.text).asText()).isEqualTo("Yes.");
        assertThat(json(response).at(tongue.inputTokens).asInt()).isEqualTo(342);
        assertThat(simulator.calls("sim-small")).singleElement().satisfies(call -> {
            assertThat(call.status()).isEqualTo(200);
            assertThat(call.keyTail()).isEqualTo("abcd");
            assertThat(call.inputTokens()).isEqualTo(342);
            assertThat(call.outputTokens()).isEqualTo(17);
        });
    }

    @ParameterizedTest
    @EnumSource
    void thePromptIsQuotedAndItsOrdersAreObeyed(Tongues tongue) throws Exception {
        assertThat(json(tongue.ask(caller, "Where is it?")).at(tongue.text).asText())
                .contains("“Where is it?”");
        assertThat(json(tongue.ask(caller, "[[sim answer=forty-two]]"))
                        .at(tongue.text)
                        .asText())
                .isEqualTo("forty-two");
        assertThat(tongue.ask(caller, "[[sim status=503]]").statusCode()).isEqualTo(503);
        HttpResponse<String> wrong = tongue.ask(caller, "[[sim hiccup]]");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(json(wrong).at(tongue.errorMessage).asText()).contains("no fault called hiccup");
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatIsNoJsonIsA400InTheWordsOfTheTongue(Tongues tongue) throws Exception {
        HttpResponse<String> response = tongue.ask(caller, "hello", "}}");
        // Trailing braces are no matter; a missing one is.
        assertThat(response.statusCode()).isEqualTo(200);
        HttpResponse<String> broken = tongue.ask(caller, "hello", ",\"half\":");

        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(json(broken).at(tongue.errorMessage).asText()).contains("not valid JSON");
    }

    @ParameterizedTest
    @EnumSource
    void aScriptedMessageAndBodyAreSent(Tongues tongue) throws Exception {
        fault("\"kind\":\"status\",\"status\":503,\"message\":\"not today\"");
        assertThat(json(tongue.ask(caller, "hello")).at(tongue.errorMessage).asText())
                .isEqualTo("not today");
        fault("\"kind\":\"status\",\"status\":502,\"body\":\"<html>\"");
        assertThat(tongue.ask(caller, "hello").body()).isEqualTo("<html>");
    }

    @ParameterizedTest
    @EnumSource
    void aRetryAfterIsSentAsItIsWritten(Tongues tongue) throws Exception {
        fault("\"kind\":\"status\",\"status\":429,\"retry_after\":\"7\"");
        assertThat(tongue.ask(caller, "hello").headers().firstValue("retry-after"))
                .hasValue("7");
        fault("\"kind\":\"retry_after_ms\",\"retry_after_ms\":350");
        assertThat(tongue.ask(caller, "hello").headers().firstValue("retry-after-ms"))
                .hasValue("350");
    }

    @ParameterizedTest
    @EnumSource
    void answersAreSpoiltInTheSameWays(Tongues tongue) throws Exception {
        for (String kind : List.of("malformed", "truncated_json")) {
            fault("\"kind\":\"" + kind + "\"");
            HttpResponse<String> response = tongue.ask(caller, "hello");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> Caller.JSON.readTree(response.body())).isInstanceOf(JsonProcessingException.class);
        }
        for (String kind : List.of("reset", "close", "broken_stream", "wrong_content_length")) {
            fault("\"kind\":\"" + kind + "\"");
            assertThatThrownBy(() -> tongue.ask(caller, "hello")).isInstanceOf(IOException.class);
        }
        fault("\"kind\":\"error_in_200\",\"message\":\"it broke\"");
        HttpResponse<String> hidden = tongue.ask(caller, "hello");
        assertThat(hidden.statusCode()).isEqualTo(200);
        assertThat(json(hidden).at(tongue.errorMessage).asText()).isEqualTo("it broke");
        fault("\"kind\":\"empty_choices\"");
        assertThat(json(tongue.ask(caller, "hello")).at(tongue.text).isMissingNode())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aHugeAnswerIsAsLongAsItSays(Tongues tongue) throws Exception {
        fault("\"kind\":\"huge\",\"bytes\":3000000");

        assertThat(json(tongue.ask(caller, "hello")).at(tongue.text).asText()).hasSize(3_000_000);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void aHugeStreamIsAsLongAsItSays(Tongues tongue) throws Exception {
        fault("\"kind\":\"huge\",\"bytes\":300000");
        assertThat(tongue.joined(tongue.stream(caller, "hello", ""))).hasSize(300_000);
    }

    @ParameterizedTest
    @EnumSource
    void aHeldCallIsAnsweredWhenItIsReleased(Tongues tongue) throws Exception {
        for (String kind : List.of("hold", "endless")) {
            fault("\"kind\":\"" + kind + "\"");
            Thread release = Thread.ofVirtual().start(() -> {
                await().atMost(Caller.PATIENCE)
                        .until(() -> simulator.stats().all().open() == 1);
                simulator.release();
            });
            assertThat(tongue.ask(caller, "hello").statusCode()).isEqualTo(200);
            release.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOverALimitIsA429(Tongues tongue) throws Exception {
        script("\"limits\":{\"requests_per_minute\":1}");
        assertThat(tongue.ask(caller, "hello").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = tongue.ask(caller, "hello");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(json(refused).at(tongue.errorMessage).asText()).isNotBlank();
        assertThat(simulator.calls()).extracting(Call::status).containsExactly(200, 429);
        // Google says in the body when to come back.
        boolean inHeader = tongue != Tongues.CONTENTS;
        assertThat(refused.headers().firstValue("retry-after").isPresent()).isEqualTo(inHeader);
    }

    @ParameterizedTest
    @EnumSource
    void tooLongAPromptIsRefused(Tongues tongue) throws Exception {
        script("\"context_tokens\":10");
        HttpResponse<String> refused = tongue.ask(caller, "x".repeat(100));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).at(tongue.errorMessage).asText())
                .contains("25")
                .contains("10");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void aStreamIsTheAnswerInPiecesWithAnEnd(Tongues tongue) throws Exception {
        HttpResponse<String> response = caller.send(tongue.streamRequest(caller, "hello there", ""));
        String whole = json(tongue.ask(caller, "hello there")).at(tongue.text).asText();

        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        assertThat(response.body().strip().lines().toList().getLast()).contains(tongue.end());
        assertThat(tongue.joined(Tongues.events(response.body()))).isEqualTo(whole);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void aBrokenStreamLosesItsEndHoweverMuchOfItIsSent(Tongues tongue) throws Exception {
        for (String chunks : List.of("", ",\"after_chunks\":2", ",\"after_chunks\":9999")) {
            fault("\"kind\":\"broken_stream\"" + chunks);
            String seen = caller.untilItBreaks(tongue.streamRequest(caller, "hello there", ""));

            assertThat(seen).contains("data: ").doesNotContain(tongue.end());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void anErrorInAStreamIsAnEvent(Tongues tongue) throws Exception {
        fault("\"kind\":\"error_in_200\",\"message\":\"it broke\"");
        List<JsonNode> events = tongue.stream(caller, "hello", "");

        String place = tongue == Tongues.RESPONSES ? "/message" : tongue.errorMessage;
        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.at(place).asText()).isEqualTo("it broke"));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void anEventThatIsNoJsonIsSentWhenAsked(Tongues tongue) throws Exception {
        fault("\"kind\":\"malformed\"");
        String body = caller.send(tongue.streamRequest(caller, "hello", "")).body();

        assertThat(body).startsWith("data: {\"id\": oops");
        assertThatThrownBy(() -> Tongues.events(body)).isInstanceOf(AssertionError.class);
    }

    /// Statuses and the house's own name for each kind of error. `-` is a name that is null.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CHAT      | /error/code   | 401 | invalid_api_key      | 404 | model_not_found  | 429 | rate_limit_exceeded | 429 | insufficient_quota
            RESPONSES | /error/code   | 401 | invalid_api_key      | 404 | model_not_found  | 429 | rate_limit_exceeded | 429 | insufficient_quota
            MESSAGES  | /error/type   | 401 | authentication_error | 404 | not_found_error  | 429 | rate_limit_error    | 400 | invalid_request_error
            CONTENTS  | /error/status | 400 | INVALID_ARGUMENT     | 404 | NOT_FOUND        | 429 | RESOURCE_EXHAUSTED  | 429 | RESOURCE_EXHAUSTED
            PLAIN     | /fault/reason | 401 | wrong_key            | 404 | unknown_model    | 429 | too_fast            | 402 | out_of_quota
            """)
    void refusalsHaveTheirNames(
            Tongues tongue,
            String place,
            int wrongKey,
            String wrongKeyName,
            int unknownModel,
            String unknownModelName,
            int limit,
            String limitName,
            int quota,
            String quotaName)
            throws Exception {
        simulator.script("{\"accepted_keys\":[\"" + Tongues.KEY + "\"]}");
        assertError(tongue.askWithKey(caller, "sk-wrong-9999"), wrongKey, place, wrongKeyName);
        assertThat(tongue.ask(caller, "hello").statusCode()).isEqualTo(200);
        simulator.script("{\"known_models\":[\"another\"]}");
        assertError(tongue.ask(caller, "hello"), unknownModel, place, unknownModelName);
        fault("\"kind\":\"status\"");
        assertError(tongue.ask(caller, "hello"), limit, place, limitName);
        fault("\"kind\":\"quota\"");
        assertError(tongue.ask(caller, "hello"), quota, place, quotaName);
    }

    private static void assertError(HttpResponse<String> response, int status, String place, String name) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).at(place).asText()).isEqualTo(name);
        assertThat(response.body()).doesNotContain("sk-wrong");
    }

    /// The name that each house has for a status.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | null                | invalid_request_error | INVALID_ARGUMENT   | bad_request
            403 | null                | permission_error      | PERMISSION_DENIED  | wrong_key
            404 | model_not_found     | not_found_error       | NOT_FOUND          | unknown
            413 | null                | request_too_large     | INVALID_ARGUMENT   | bad_request
            429 | rate_limit_exceeded | rate_limit_error      | RESOURCE_EXHAUSTED | too_fast
            500 | null                | api_error             | INTERNAL           | broken
            503 | null                | api_error             | UNAVAILABLE        | broken
            504 | null                | timeout_error         | DEADLINE_EXCEEDED  | broken
            529 | null                | overloaded_error      | UNAVAILABLE        | broken
            """)
    void everyStatusHasItsName(int status, String openai, String anthropic, String gemini, String plain)
            throws Exception {
        fault("\"kind\":\"status\",\"status\":" + status);

        assertError(Tongues.CHAT.ask(caller, "hello"), status, "/error/code", openai);
        assertError(Tongues.RESPONSES.ask(caller, "hello"), status, "/error/code", openai);
        assertError(Tongues.MESSAGES.ask(caller, "hello"), status, "/error/type", anthropic);
        assertError(Tongues.CONTENTS.ask(caller, "hello"), status, "/error/status", gemini);
        assertError(Tongues.PLAIN.ask(caller, "hello"), status, "/fault/reason", plain);
    }

    /// Where a tool is called, and with what.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            CHAT      | ,"tools":[{"type":"function","function":{"name":"look"}}]   | /choices/0/message/tool_calls/0/function | arguments | "{\\"at\\":1}"
            RESPONSES | ,"tools":[{"type":"function","name":"look"}]               | /output/0                                | arguments | "{\\"at\\":1}"
            MESSAGES  | ,"tools":[{"name":"look","input_schema":{}}]                | /content/0                               | input     | {"at":1}
            CONTENTS  | ,"tools":[{"functionDeclarations":[{"name":"look"}]}]       | /candidates/0/content/parts/0/functionCall | args    | {"at":1}
            """)
    void aToolThatTheCallerHasIsCalledWhenOrdered(
            Tongues tongue, String tools, String place, String arguments, String expected) throws Exception {
        String order = "[[sim tool=look answer={\"at\":1}]]";
        JsonNode call = json(tongue.ask(caller, order, tools)).at(place);

        assertThat(call.path("name").asText()).isEqualTo("look");
        assertThat(call.path(arguments).toString()).isEqualTo(expected);
        assertThat(json(tongue.ask(caller, order)).at(place + "/name").isMissingNode())
                .isTrue();
        assertThat(json(tongue.ask(caller, "[[sim tool=other]]", tools))
                        .at(tongue.text)
                        .asText())
                .isNotEmpty();
        assertThat(caller.send(tongue.streamRequest(caller, order, tools)).body())
                .contains("look")
                .contains("at")
                .contains(tongue.end().replace("STOP\"", ""));
    }
}
