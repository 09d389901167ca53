package dev.longshore.worker.provider.contract;

import static dev.longshore.worker.provider.Translating.told;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.provider.TokenSink;
import dev.longshore.worker.provider.Translating;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A chat that asks for a stream has the result of one that does not, whoever answers; its words come piece by piece.
@Timeout(120)
class StreamedResultsContractTest extends OnPaper {
    private static final String WITHDRAWN = "(withdrawn)";

    private final List<String> heard = new ArrayList<>();
    private final TokenSink sink = new TokenSink() {
        @Override
        public void token(String text) {
            heard.add(text);
        }

        @Override
        public void progress(@Nullable Double share, @Nullable String message) {
            throw new AssertionError("nobody tells it here");
        }

        @Override
        public void withdrawn() {
            heard.add(WITHDRAWN);
        }
    };

    @BeforeEach
    void hearNothing() {
        heard.clear();
    }

    private AttemptOutcome stream(Vendor vendor, String prompt, String more, Timeouts timeouts) {
        String input = PaperCalls.input(prompt, ",'stream':true" + more);
        return paper.call(vendor, Operation.CHAT, input, PaperCalls.KEY, timeouts, sink);
    }

    /// Without what differs from call to call anyway.
    private static JsonNode result(AttemptOutcome outcome) throws JsonProcessingException {
        assertThat(outcome).isInstanceOf(Answered.class);
        ObjectNode result = (ObjectNode)
                Translating.JSON.readTree(((Answered) outcome).answer().result());
        ObjectNode message = (ObjectNode) result.at("/choices/0/message");
        message.without(List.of("annotations", "thinking_blocks"));
        message.path("tool_calls").forEach(call -> ((ObjectNode) call).without(List.of("id", "extra_content")));
        return result.without(List.of("id", "created"));
    }

    private void assertTheSame(Vendor vendor, String prompt, String more) throws JsonProcessingException {
        AttemptOutcome streamed = stream(vendor, prompt, more, PaperCalls.PATIENT);
        AttemptOutcome whole = paper.chat(vendor, prompt, more);
        assertThat(result(streamed)).isEqualTo(result(whole));
        assertThat(((Answered) streamed).answer().usage())
                .isEqualTo(((Answered) whole).answer().usage());
        assertThat(String.join("", heard))
                .isEqualTo(result(whole).at("/choices/0/message/content").asText(""));
    }

    @ParameterizedTest
    @EnumSource
    void wordsComeInPiecesAndTheResultIsTheSame(Vendor vendor) throws JsonProcessingException {
        paper.script(
                "'answer':'One two, three.','input_tokens':100,'cached_tokens':40,'output_tokens':9,'version':'p-1'");
        assertTheSame(vendor, "hello", "");
        assertThat(heard).hasSizeGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource
    void thoughtsAreNotHeardAndAreTheSame(Vendor vendor) throws JsonProcessingException {
        paper.script("'answer':'Yes.','output_tokens':9,'thinking_tokens':5");
        assertTheSame(vendor, "hello", "");
    }

    @ParameterizedTest
    @EnumSource
    void aCallOfAToolIsTheSame(Vendor vendor) throws JsonProcessingException {
        String tools = ",'tools':[{'type':'function','function':{'name':'look','parameters':{'type':'object'}}}]";
        AttemptOutcome streamed = stream(vendor, "[[sim tool=look answer={\"at\":1}]]", tools, PaperCalls.PATIENT);
        AttemptOutcome whole = paper.chat(vendor, "[[sim tool=look answer={\"at\":1}]]", tools);
        assertThat(result(streamed)).isEqualTo(result(whole));
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            status=429          | throttled PROVIDER_RATE_LIMITED
            status=500          | broken PROVIDER_UNAVAILABLE
            content_filter      | refused CONTENT_FILTER_TRIGGERED
            error_in_200        | broken PROVIDER_UNAVAILABLE
            failed              | broken PROVIDER_UNAVAILABLE
            malformed           | broken MALFORMED_RESPONSE
            reset               | unknown NETWORK_ERROR
            broken_stream       | broken NETWORK_ERROR
            hang                | unknown MODEL_TIMEOUT
            hang_after_headers  | unknown MODEL_TIMEOUT
            """)
    void eachFaultHasItsMeaningAndTakesBackWhatWasSaid(String order, String expected) {
        for (Vendor vendor : Vendor.values()) {
            heard.clear();
            Timeouts timeouts = expected.equals("unknown MODEL_TIMEOUT") ? PaperCalls.IMPATIENT : PaperCalls.PATIENT;
            AttemptOutcome outcome = stream(vendor, "[[sim " + order + "]] one two three four five", "", timeouts);
            assertThat(told(outcome)).as(vendor.name()).isEqualTo(expected);
            int withdrawn = heard.indexOf(WITHDRAWN);
            assertThat(withdrawn).as(vendor + " " + heard).isEqualTo(heard.size() - 1);
        }
    }
}
