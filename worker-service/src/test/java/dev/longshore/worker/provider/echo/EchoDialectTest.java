package dev.longshore.worker.provider.echo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.provider.TokenSink;
import dev.longshore.worker.slots.StopSign;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class EchoDialectTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Timeouts TIMEOUTS = new Timeouts(LONG, LONG, LONG, LONG);

    private final ObjectMapper json = new ObjectMapper();
    private final EchoDialect echo = new EchoDialect(json, InstantSource.fixed(Instant.parse("2026-11-20T12:00:00Z")));

    @Test
    void aChatIsAnsweredWithWhatWasSaidLast() throws Exception {
        Answer answer = answer("""
                {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello \\"you\\""}]}""");

        JsonNode result = json.readTree(answer.result());
        assertThat(result.at("/choices/0/message/content").textValue()).isEqualTo("Hello \"you\"");
        assertThat(result.at("/choices/0/finish_reason").textValue()).isEqualTo("stop");
        assertThat(result.path("model").textValue()).isEqualTo("parrot-1");
        assertThat(result.path("created").longValue()).isEqualTo(1_795_176_000);
        assertThat(answer.modelVersion()).isEqualTo("parrot-1");
    }

    @Test
    void aTokenIsFourCharacters() throws Exception {
        String input = "{\"messages\":[{\"role\":\"user\",\"content\":\"12345678\"}]}";
        Answer answer = answer(input);

        assertThat(answer.usage()).isEqualTo(new Usage(Math.ceilDiv(input.length(), 4), 0, 2));
        assertThat(json.readTree(answer.result()).at("/usage/completion_tokens").intValue())
                .isEqualTo(2);
    }

    @Test
    void thePartsOfAMessageAreJoined() throws Exception {
        Answer answer = answer("""
                {"messages":[{"role":"user","content":[{"type":"text","text":"one "},{"type":"image_url"},{"type":"text","text":"two"}]}]}""");

        assertThat(json.readTree(answer.result())
                        .at("/choices/0/message/content")
                        .textValue())
                .isEqualTo("one two");
    }

    @Test
    void whatSaysNothingIsAnsweredWithNothing() throws Exception {
        for (String input :
                new String[] {"{}", "{\"messages\":[]}", "{\"messages\":[{\"role\":\"user\"}]}", "[]", "7"}) {
            assertThat(json.readTree(answer(input).result())
                            .at("/choices/0/message/content")
                            .textValue())
                    .isEmpty();
        }
    }

    @Test
    void whatIsNoChatIsRefused() {
        assertThat(outcome(Operation.EMBED, "{\"input\":\"a\"}"))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
        assertThat(outcome(Operation.CHAT, "{"))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
    }

    private Answer answer(String input) {
        AttemptOutcome outcome = outcome(Operation.CHAT, input);
        assertThat(outcome).isInstanceOf(Answered.class);
        return ((Answered) outcome).answer();
    }

    private AttemptOutcome outcome(Operation operation, String input) {
        return echo.call(
                new Ask(operation, "parrot-1", input, 4_096, "job_1", 1), TIMEOUTS, new StopSign(), TokenSink.NONE);
    }
}
