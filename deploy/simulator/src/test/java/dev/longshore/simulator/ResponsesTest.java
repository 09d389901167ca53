package dev.longshore.simulator;

import static dev.longshore.simulator.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is the Responses API's alone. Shapes from its reference.
class ResponsesTest {

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void aResponseHasTheShapeThatOpenAiGives() throws Exception {
        simulator.script(
                "{\"models\":{\"sim-small\":{\"input_tokens\":100,\"cached_tokens\":40,\"output_tokens\":9}}}");
        JsonNode response = json(Tongues.RESPONSES.ask(caller, "hello"));

        assertThat(response.path("id").asText()).startsWith("resp_");
        assertThat(response.path("object").asText()).isEqualTo("response");
        assertThat(response.path("created_at").asLong()).isPositive();
        assertThat(response.path("status").asText()).isEqualTo("completed");
        assertThat(response.path("error").isNull()).isTrue();
        assertThat(response.path("incomplete_details").isNull()).isTrue();
        assertThat(response.at("/output/0/type").asText()).isEqualTo("message");
        assertThat(response.at("/output/0/role").asText()).isEqualTo("assistant");
        assertThat(response.at("/output/0/content/0/type").asText()).isEqualTo("output_text");
        assertThat(response.path("usage").toString())
                .isEqualTo("{\"input_tokens\":100,\"input_tokens_details\":{\"cached_tokens\":40},\"output_tokens\":9,"
                        + "\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":109}");
        assertThat(response.fieldNames())
                .toIterable()
                .contains(
                        "instructions",
                        "model",
                        "tools",
                        "parallel_tool_calls",
                        "metadata",
                        "tool_choice",
                        "temperature",
                        "top_p");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [[sim output_tokens=500]] | ,"max_output_tokens":5 | incomplete | /incomplete_details/reason | max_output_tokens
            [[sim content_filter]]    | ``                     | incomplete | /incomplete_details/reason | content_filter
            [[sim failed]]            | ``                     | failed     | /error/code                | server_error
            [[sim refusal]]           | ``                     | completed  | /output/0/content/0/type   | refusal
            [[sim empty_choices]]     | ``                     | completed  | /object                    | response
            [[sim thinking_tokens=8]] | ``                     | completed  | /output/0/type             | reasoning
            """)
    void aResponseEndsInItsOwnWay(String prompt, String more, String status, String place, String expected)
            throws Exception {
        JsonNode response = json(Tongues.RESPONSES.ask(caller, prompt, more));
        JsonNode end = Tongues.RESPONSES.stream(caller, prompt, more).getLast();

        assertThat(response.path("status").asText()).isEqualTo(status);
        assertThat(response.at(place).asText()).isEqualTo(expected);
        assertThat(end.path("type").asText()).isEqualTo("response." + status);
        assertThat(end.at("/response" + place).asText()).isEqualTo(expected);
    }

    @Test
    void aStreamTellsItsEventsByNameAndNumber() throws Exception {
        List<JsonNode> events = Tongues.RESPONSES.stream(caller, "[[sim answer=one two]]", "");

        assertThat(events)
                .extracting(event -> event.path("type").asText())
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(events)
                .extracting(event -> event.path("sequence_number").asInt(-1))
                .containsExactlyElementsOf(IntStream.range(0, 10).boxed().toList());
        assertThat(events.get(0).at("/response/status").asText()).isEqualTo("in_progress");
        assertThat(events.get(2).at("/item/status").asText()).isEqualTo("in_progress");
        assertThat(events.get(4).path("item_id"))
                .isEqualTo(events.get(2).at("/item/id"))
                .isEqualTo(events.get(9).at("/response/output/0/id"));
        assertThat(events.get(6).path("text").asText()).isEqualTo("one two");
    }

    @Test
    void aCallOfAToolIsStreamedAsItsArguments() throws Exception {
        List<JsonNode> events = Tongues.RESPONSES.stream(
                caller,
                "[[sim tool=look answer={\"at\": 1}]]",
                ",\"tools\":[{\"type\":\"function\",\"name\":\"look\"}]");

        assertThat(events)
                .extracting(event -> event.path("type").asText())
                .contains("response.function_call_arguments.delta", "response.function_call_arguments.done");
        assertThat(events.getLast().at("/response/output/0/type").asText()).isEqualTo("function_call");
        assertThat(events.getLast().at("/response/output/0/call_id").asText()).startsWith("call_");
    }

    @Test
    void inputMayBeItems() throws Exception {
        String tools = ",\"tools\":[{\"type\":\"function\",\"name\":\"look\"}]";
        JsonNode response = json(caller.post("/v1/responses", """
                {"model":"m","instructions":"Be brief.","input":[
                  {"role":"user","content":[{"type":"input_text","text":"[[sim tool=look]] look at this"}]},
                  {"type":"function_call","call_id":"c","name":"look","arguments":"{}"},
                  {"type":"function_call_output","call_id":"c","output":"a cat"}]""" + tools + "}"));

        assertThat(response.at("/output/0/content/0/text").asText()).contains("“look at this”");
        assertThat(caller.post("/v1/responses", "{\"model\":\"m\",\"input\":[]}")
                        .statusCode())
                .isEqualTo(400);
    }
}
