package dev.longshore.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.throttle.Load;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How much a call weighs before it is made.
class WeighingTest {
    private static final int USUAL = 500;
    private static final int MOST = 4_000;

    private final Weighing weighing = new Weighing(new ObjectMapper(), new TokenCounter());

    private Load weigh(Operation operation, String input, boolean counted) {
        return weighing.of(operation, "gpt-4o", input, counted, USUAL, MOST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"max_tokens\":70} | 70",
                "{\"max_completion_tokens\":80,\"messages\":[]} | 80",
                "{\"messages\":[{\"content\":{\"max_tokens\":1}}],\"max_tokens\":90} | 90",
                "{\"max_tokens\":999999} | 4000",
                "{\"max_tokens\":99999999999} | 4000",
                "{\"max_tokens\":-1} | 0",
                "{\"max_tokens\":null} | 500",
                "{\"max_tokens\":\"many\"} | 500",
                "{\"messages\":[{\"content\":\"say max_tokens\"}]} | 500",
                "[\"max_tokens\"] | 500",
                "max_tokens | 500",
                "{} | 500",
            })
    void theBoundOfTheRequestCountsWhereItSetsOne(String input, int outputTokens) {
        assertThat(weigh(Operation.CHAT, input, false).outputTokens()).isEqualTo(outputTokens);
    }

    @Test
    void embeddingsAnswerWithNoTokens() {
        assertThat(weigh(Operation.EMBED, "{\"input\":\"hello\",\"max_tokens\":9}", false))
                .isEqualTo(new Load(8, 0));
    }

    @Test
    void inputIsCountedWhereItMattersAndEstimatedElsewhere() {
        String input = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + "hello ".repeat(400) + "\"}]}";
        assertThat(weigh(Operation.CHAT, input, false).inputTokens()).isEqualTo(input.length() / 4);
        assertThat(weigh(Operation.CHAT, input, true).inputTokens()).isBetween(400, 420);
    }

    @Test
    void whatCannotBeCountedIsEstimated() {
        assertThat(weigh(Operation.CHAT, "{not json at all}", true).inputTokens())
                .isEqualTo(4);
    }
}
