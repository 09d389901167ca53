package dev.longshore.worker.provider.contract;

import static dev.longshore.worker.provider.Translating.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.simulator.FaultKind;
import dev.longshore.worker.provider.Ask.Operation;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What a call that came to nothing means, whoever was asked.
@Timeout(120)
class FailuresContractTest extends OnPaper {
    /// What is ordered of the simulator, and what each dialect makes of it.
    private static final String TABLE = """
            order                     | openai                             | anthropic                          | gemini
            status=400                | refused INVALID_REQUEST            | refused INVALID_REQUEST            | refused INVALID_REQUEST
            status=401                | refused PROVIDER_AUTH_FAILED       | refused PROVIDER_AUTH_FAILED       | refused PROVIDER_AUTH_FAILED
            status=403                | refused PROVIDER_AUTH_FAILED       | refused PROVIDER_AUTH_FAILED       | refused PROVIDER_AUTH_FAILED
            status=404                | refused UNKNOWN_MODEL              | refused UNKNOWN_MODEL              | refused UNKNOWN_MODEL
            status=408                | broken MODEL_TIMEOUT               | broken MODEL_TIMEOUT               | broken MODEL_TIMEOUT
            status=422                | refused INVALID_REQUEST            | refused INVALID_REQUEST            | refused INVALID_REQUEST
            status=429                | throttled PROVIDER_RATE_LIMITED    | throttled PROVIDER_RATE_LIMITED    | throttled PROVIDER_RATE_LIMITED
            status=500                | broken PROVIDER_UNAVAILABLE        | broken PROVIDER_UNAVAILABLE        | broken PROVIDER_UNAVAILABLE
            status=502                | broken PROVIDER_UNAVAILABLE        | broken PROVIDER_UNAVAILABLE        | broken PROVIDER_UNAVAILABLE
            status=503                | broken PROVIDER_UNAVAILABLE        | broken PROVIDER_UNAVAILABLE        | broken PROVIDER_UNAVAILABLE
            status=504                | broken MODEL_TIMEOUT               | broken MODEL_TIMEOUT               | broken MODEL_TIMEOUT
            status=529                | broken PROVIDER_UNAVAILABLE        | broken PROVIDER_UNAVAILABLE        | broken PROVIDER_UNAVAILABLE
            retry_after_ms            | throttled PROVIDER_RATE_LIMITED    | throttled PROVIDER_RATE_LIMITED    | throttled PROVIDER_RATE_LIMITED
            quota                     | throttled PROVIDER_QUOTA_EXHAUSTED | throttled PROVIDER_QUOTA_EXHAUSTED | throttled PROVIDER_QUOTA_EXHAUSTED
            context_length            | refused CONTEXT_LENGTH_EXCEEDED    | refused CONTEXT_LENGTH_EXCEEDED    | refused CONTEXT_LENGTH_EXCEEDED
            content_filter            | refused CONTENT_FILTER_TRIGGERED   | refused CONTENT_FILTER_TRIGGERED   | refused CONTENT_FILTER_TRIGGERED
            failed                    | broken PROVIDER_UNAVAILABLE        | broken PROVIDER_UNAVAILABLE        | broken PROVIDER_UNAVAILABLE
            error_in_200              | broken PROVIDER_UNAVAILABLE        | broken PROVIDER_UNAVAILABLE        | broken PROVIDER_UNAVAILABLE
            malformed                 | broken MALFORMED_RESPONSE          | broken MALFORMED_RESPONSE          | broken MALFORMED_RESPONSE
            truncated_json            | broken MALFORMED_RESPONSE          | broken MALFORMED_RESPONSE          | broken MALFORMED_RESPONSE
            huge bytes=70000000       | broken MALFORMED_RESPONSE          | broken MALFORMED_RESPONSE          | broken MALFORMED_RESPONSE
            # An empty message is one that Anthropic's models do send, where a tool said all there was to say.
            empty_choices             | broken MALFORMED_RESPONSE          | answered                           | broken MALFORMED_RESPONSE
            reset                     | unknown NETWORK_ERROR              | unknown NETWORK_ERROR              | unknown NETWORK_ERROR
            close                     | unknown NETWORK_ERROR              | unknown NETWORK_ERROR              | unknown NETWORK_ERROR
            broken_stream             | unknown NETWORK_ERROR              | unknown NETWORK_ERROR              | unknown NETWORK_ERROR
            wrong_content_length      | unknown NETWORK_ERROR              | unknown NETWORK_ERROR              | unknown NETWORK_ERROR
            hang                      | unknown MODEL_TIMEOUT              | unknown MODEL_TIMEOUT              | unknown MODEL_TIMEOUT
            hang_after_headers        | unknown MODEL_TIMEOUT              | unknown MODEL_TIMEOUT              | unknown MODEL_TIMEOUT
            hold                      | unknown MODEL_TIMEOUT              | unknown MODEL_TIMEOUT              | unknown MODEL_TIMEOUT
            endless                   | unknown MODEL_TIMEOUT              | unknown MODEL_TIMEOUT              | unknown MODEL_TIMEOUT
            slow latency=20           | answered                           | answered                           | answered
            refusal                   | answered                           | answered                           | answered
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = TABLE)
    void eachFaultHasItsMeaning(String order, String openai, String anthropic, String gemini) {
        Stream<Vendor> vendors = Arrays.stream(Vendor.values());
        // Waiting can be done side by side.
        (openai.endsWith("TIMEOUT") ? vendors.parallel() : vendors).forEach(vendor -> {
            String expected = switch (vendor) {
                case OPENAI, RESPONSES -> openai;
                case ANTHROPIC -> anthropic;
                case GEMINI -> gemini;
            };
            AttemptOutcome outcome = paper.call(
                    vendor,
                    Operation.CHAT,
                    PaperCalls.input("[[sim " + order + "]]", ""),
                    PaperCalls.KEY,
                    expected.equals("unknown MODEL_TIMEOUT") ? PaperCalls.IMPATIENT : PaperCalls.PATIENT);

            assertThat(told(outcome)).as(vendor.name()).isEqualTo(expected);
            if (order.startsWith("status=")) {
                assertThat(outcome.reply().status()).isEqualTo(Integer.parseInt(order.substring(7)));
            }
        });
    }

    /// So that a fault which is invented later finds its way into the table.
    @Test
    void theTableKnowsEveryKindOfFault() {
        Set<String> told = TABLE.lines()
                .skip(1)
                .map(line -> line.split("[ |=]", 2)[0])
                .filter(word -> !word.equals("#"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(FaultKind.values()).map(FaultKind::word).toList());
    }

    @ParameterizedTest
    @EnumSource
    void theProvidersStatusAndWordsAreKept(Vendor vendor) {
        paper.script("'faults':[{'kind':'status','status':400,'message':'not like this'}]");

        assertThat(paper.chat(vendor, "hello"))
                .asInstanceOf(InstanceOfAssertFactories.type(Refused.class))
                .satisfies(refused -> {
                    assertThat(refused.message()).isEqualTo("The provider answered 400: not like this");
                    assertThat(refused.reply().status()).isEqualTo(400);
                });
    }

    @ParameterizedTest
    @EnumSource
    void wordsThatNoApiKnowsAreToldByTheirStatus(Vendor vendor) {
        paper.script("'faults':[{'kind':'status','status':502,'body':'<html>Bad Gateway</html>'}]");

        assertThat(told(paper.chat(vendor, "hello"))).isEqualTo("broken PROVIDER_UNAVAILABLE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'kind':'status','status':429,'retry_after':'7'      | 7000
            'kind':'status','status':503,'retry_after':'7'      | 7000
            'kind':'status','retry_after':'date:+30'            | 30000
            'kind':'retry_after_ms','retry_after_ms':350        | 350
            'kind':'status','status':429,'retry_after':'999999' | 3600000
            """)
    void howLongToStayAwayIsObeyed(String fault, long millis) {
        for (Vendor vendor : Vendor.values()) {
            paper.script("'faults':[{" + fault + "}]");
            Duration asked = paper.chat(vendor, "hello").reply().retryAfter();

            // A date is told in whole seconds, and they pass on the way.
            assertThat(asked).as(vendor.name()).isNotNull();
            assertThat(asked)
                    .isBetween(Duration.ofMillis(millis - (millis == 30_000 ? 25_000 : 0)), Duration.ofMillis(millis));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLimitSaysWhenItLetsUsInAgain(Vendor vendor) {
        paper.script("'limits':{'requests_per_minute':1}");
        assertThat(told(paper.chat(vendor, "hello"))).isEqualTo("answered");

        assertThat(paper.chat(vendor, "hello"))
                .asInstanceOf(InstanceOfAssertFactories.type(Throttled.class))
                .satisfies(throttled -> assertThat(throttled.reply().retryAfter())
                        .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60)));
    }

    @ParameterizedTest
    @EnumSource
    void aWrongKeyIsRefusedAndNotShown(Vendor vendor) {
        paper.simulator.script("{\"accepted_keys\":[\"" + PaperCalls.KEY + "\"]}");
        String wrong = "sk-paper-the-wrong-one";
        AttemptOutcome refused =
                paper.call(vendor, Operation.CHAT, PaperCalls.input("hello", ""), wrong, PaperCalls.PATIENT);

        assertThat(told(refused)).isEqualTo("refused PROVIDER_AUTH_FAILED");
        assertThat(refused.toString()).doesNotContain("wrong-one");
        assertThat(told(paper.chat(vendor, "hello"))).isEqualTo("answered");
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownModelIsRefused(Vendor vendor) {
        paper.simulator.script("{\"known_models\":[\"another\"]}");

        assertThat(told(paper.chat(vendor, "hello"))).isEqualTo("refused UNKNOWN_MODEL");
    }

    @ParameterizedTest
    @EnumSource
    void aPromptThatIsTooLongIsRefused(Vendor vendor) {
        paper.script("'context_tokens':10");

        assertThat(told(paper.chat(vendor, "short"))).isEqualTo("answered");
        assertThat(told(paper.chat(vendor, "x".repeat(100)))).isEqualTo("refused CONTEXT_LENGTH_EXCEEDED");
    }

    /// Google's filter has no error: it answers without an answer.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GEMINI")
    void aFilterMayBeAnErrorToo(Vendor vendor) {
        paper.script("'faults':[{'kind':'content_filter','status':400}]");

        assertThat(told(paper.chat(vendor, "hello"))).isEqualTo("refused CONTENT_FILTER_TRIGGERED");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ANTHROPIC")
    void embeddingsThatAreMissingAreMalformed(Vendor vendor) {
        paper.script("'faults':[{'kind':'empty_choices'}]");
        AttemptOutcome outcome = paper.call(
                vendor, Operation.EMBED, "{\"model\":\"ours\",\"input\":\"x\"}", PaperCalls.KEY, PaperCalls.PATIENT);

        assertThat(told(outcome)).isEqualTo("broken MALFORMED_RESPONSE");
    }
}
