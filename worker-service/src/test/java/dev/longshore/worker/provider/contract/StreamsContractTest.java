package dev.longshore.worker.provider.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.provider.TokenSink;
import dev.longshore.worker.provider.Translating;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tokens come one after the other and are withdrawn when the stream does not come to its end, whoever streams.
@Timeout(120)
class StreamsContractTest extends OnPaper {
    private static final String ANSWER = "One two three four five six seven eight nine ten.";

    private final Heard heard = new Heard();

    private static final class Heard implements TokenSink {
        final List<String> tokens = new CopyOnWriteArrayList<>();
        final AtomicInteger withdrawals = new AtomicInteger();

        @Override
        public void token(String text) {
            tokens.add(text);
        }

        @Override
        public void progress(@Nullable Double share, @Nullable String message) {
            throw new AssertionError("nobody tells it here");
        }

        @Override
        public void withdrawn() {
            withdrawals.incrementAndGet();
        }
    }

    @BeforeEach
    void hearNothing() {
        heard.tokens.clear();
        heard.withdrawals.set(0);
    }

    private AttemptOutcome streamed(Vendor vendor, String faults) {
        return streamed(vendor, faults, PaperCalls.PATIENT);
    }

    private AttemptOutcome streamed(Vendor vendor, String faults, Timeouts timeouts) {
        paper.script("'answer':'" + ANSWER + "','input_tokens':100,'cached_tokens':40,'output_tokens':12,'faults':["
                + faults + "]");
        return paper.stream(vendor, "hello", timeouts, heard);
    }

    @ParameterizedTest
    @EnumSource
    void theTokensAddUpToTheAnswerAndTheResultIsThatOfACallWithoutAStream(Vendor vendor)
            throws JsonProcessingException {
        AttemptOutcome outcome = streamed(vendor, "");

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.answer().usage()).isEqualTo(new Usage(100, 40, 12)));
        assertThat(String.join("", heard.tokens)).isEqualTo(ANSWER);
        assertThat(heard.tokens).as("one after the other").hasSizeGreaterThan(2);
        assertThat(heard.withdrawals).hasValue(0);
        JsonNode completion =
                Translating.JSON.readTree(((Answered) outcome).answer().result());
        assertThat(completion.path("object").asText()).isEqualTo("chat.completion");
        assertThat(completion.at("/choices/0/message/content").asText()).isEqualTo(ANSWER);
        assertThat(completion.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(completion.at("/usage/prompt_tokens").asInt()).isEqualTo(100);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatEndsWithoutItsEndMarkerIsBrokenAndItsTokensAreWithdrawn(Vendor vendor) {
        AttemptOutcome outcome = streamed(vendor, "{'kind':'broken_stream','after_chunks':6}");

        assertThat(outcome).isInstanceOf(Broken.class);
        assertThat(heard.tokens).isNotEmpty();
        assertThat(heard.withdrawals).hasValue(1);
    }

    /// The provider has done that work and will bill it.
    @ParameterizedTest
    @EnumSource
    void whatAStreamHadUsedWhenItBrokeOffIsToldByTheProviderOrCounted(Vendor vendor) throws JsonProcessingException {
        AttemptOutcome outcome = streamed(vendor, "{'kind':'broken_stream','after_chunks':6}");

        Usage spent = Objects.requireNonNull(outcome.reply().spent());
        switch (vendor) {
            case ANTHROPIC, GEMINI -> {
                assertThat(spent.inputTokens()).isEqualTo(100);
                assertThat(spent.cachedInputTokens()).isEqualTo(40);
            }
            case OPENAI, RESPONSES -> {
                JsonNode input = Translating.JSON.readTree(PaperCalls.input("hello", ""));
                assertThat(spent).isEqualTo(new Usage(PaperCalls.COUNTER.chat(input), 0, spent.outputTokens()));
            }
        }
        assertThat(spent.outputTokens())
                .isBetween(PaperCalls.COUNTER.plain(String.join("", heard.tokens)), 12)
                .isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void whatHadNotBegunUsesNothing(Vendor vendor) {
        for (String fault :
                List.of("{'kind':'status','status':500}", "{'kind':'malformed'}", "{'kind':'error_in_200'}")) {
            assertThat(streamed(vendor, fault).reply().spent()).as(fault).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEventThatIsNoJsonMakesTheStreamBroken(Vendor vendor) {
        assertThat(streamed(vendor, "{'kind':'malformed'}"))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.code()).isEqualTo(ErrorCode.MALFORMED_RESPONSE));
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatIsRefusedIsRefusedAsACallWithoutOneIs(Vendor vendor) {
        assertThat(streamed(vendor, "{'kind':'status','status':429,'retry_after':'3'}"))
                .isInstanceOfSatisfying(Throttled.class, throttled -> {
                    assertThat(throttled.code()).isEqualTo(ErrorCode.PROVIDER_RATE_LIMITED);
                    assertThat(throttled.reply().retryAfter()).isNotNull();
                });
        assertThat(heard.tokens).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void silenceInAStreamIsATimeout(Vendor vendor) {
        assertThat(streamed(vendor, "{'kind':'hang_after_headers'}", PaperCalls.IMPATIENT))
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.code()).isEqualTo(ErrorCode.MODEL_TIMEOUT));
    }
}
