package dev.longshore.api.jobs;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.catalogue.Model;
import dev.longshore.attempt.Usage;
import java.math.BigDecimal;
import java.util.OptionalInt;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What a job would use and cost, before anything is spent. One attempt is counted; the answer's length
/// is a guess.
public record Estimate(
        String operation,
        String model,

        @JsonProperty("input_tokens") @Schema(description = "counted here; providers may count a little differently")
        int inputTokens,

        @JsonProperty("expected_output_tokens")
        @Schema(description = "a guess: as many as went in, at least 64, at most 1024")
        int expectedOutputTokens,

        @JsonProperty("max_output_tokens")
        @Schema(description = "what request, model and context allow; null when none of them says")
        @Nullable
        Integer maxOutputTokens,

        @JsonProperty("expected_cost_usd") BigDecimal expectedCostUsd,

        @JsonProperty("max_cost_usd") @Schema(description = "at max_output_tokens; null when that is unknown") @Nullable
        BigDecimal maxCostUsd) {

    private static final int LEAST_EXPECTED = 64;
    private static final int MOST_EXPECTED = 1024;

    static Estimate of(CheckedJob checked, int inputTokens) {
        Model model = checked.model();
        OptionalInt most = checked.embed() ? OptionalInt.of(0) : mostOutput(model, checked.input(), inputTokens);
        int guess = checked.embed() ? 0 : Math.min(MOST_EXPECTED, Math.max(LEAST_EXPECTED, inputTokens));
        int expected = most.isPresent() ? Math.min(guess, most.getAsInt()) : guess;
        return new Estimate(
                checked.job().operation() + "@" + checked.job().operationVersion(),
                model.name(),
                inputTokens,
                expected,
                most.isPresent() ? most.getAsInt() : null,
                cost(model, inputTokens, expected),
                most.isPresent() ? cost(model, inputTokens, most.getAsInt()) : null);
    }

    private static OptionalInt mostOutput(Model model, JsonNode input, int inputTokens) {
        long most = Long.MAX_VALUE;
        for (String field : new String[] {"max_tokens", "max_completion_tokens"}) {
            if (input.path(field).isIntegralNumber()) {
                most = Math.min(most, input.path(field).longValue());
            }
        }
        if (model.maxOutputTokens().isPresent()) {
            most = Math.min(most, model.maxOutputTokens().getAsInt());
        }
        if (model.contextTokens().isPresent()) {
            most = Math.min(most, Math.max(0, model.contextTokens().getAsInt() - inputTokens));
        }
        return most > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) most);
    }

    private static BigDecimal cost(Model model, int input, int output) {
        return model.price().of(new Usage(input, 0, output)).dollars();
    }
}
