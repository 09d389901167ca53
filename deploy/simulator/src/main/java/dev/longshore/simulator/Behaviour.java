package dev.longshore.simulator;

import dev.longshore.simulator.tongue.Vectors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a model behaves. What is absent comes from the script's `default`, and failing that from the simulator: an
/// answer at once, tokens counted as a quarter of the characters, no limits, no faults.
///
/// @param latency from the arrival of a call to the end of its answer
/// @param firstByte from the arrival to the first byte of a streamed answer; by default a fifth of the latency
/// @param inputTokens the `prompt_tokens` of every answer
/// @param cachedTokens the `cached_tokens` of every answer
/// @param outputTokens the `completion_tokens` of every answer, whose text gets about as long
/// @param answer the text of every answer
/// @param version the name that answers give as their `model`
/// @param contextTokens more input than this is a `context_length_exceeded`
/// @param dimensions the length of an embedding that does not ask for one of its own
/// @param faults the first that applies to a call strikes it
/// @param thinkingTokens how long the model thinks before it answers; they are paid for as output
/// @param tool the tool that every answer calls, where the caller has it; the `answer` is what it is called with
public record Behaviour(
        @Nullable Latency latency,
        @Nullable Latency firstByte,
        @Nullable Integer inputTokens,
        @Nullable Integer cachedTokens,
        @Nullable Integer outputTokens,
        @Nullable String answer,
        @Nullable String version,
        @Nullable Integer contextTokens,
        @Nullable Integer dimensions,
        @Nullable Prices prices,
        @Nullable RateLimits limits,
        @Nullable List<Fault> faults,
        @Nullable Integer thinkingTokens,
        @Nullable String tool) {

    /// The longest answer that can be scripted, in tokens.
    static final int MOST_OUTPUT_TOKENS = 1_000_000;

    /// Says nothing: everything comes from elsewhere.
    public static final Behaviour ORDINARY =
            new Behaviour(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    public Behaviour {
        within("input_tokens", inputTokens, 0, Integer.MAX_VALUE);
        within("cached_tokens", cachedTokens, 0, Integer.MAX_VALUE);
        within("output_tokens", outputTokens, 0, MOST_OUTPUT_TOKENS);
        within("context_tokens", contextTokens, 1, Integer.MAX_VALUE);
        within("dimensions", dimensions, 1, Vectors.MOST_DIMENSIONS);
        within("thinking_tokens", thinkingTokens, 0, MOST_OUTPUT_TOKENS);
        faults = faults == null ? null : List.copyOf(faults);
    }

    /// The same with these faults and no others.
    public Behaviour withFaults(Fault... newFaults) {
        return with(latency, answer, limits, List.of(newFaults));
    }

    /// The same with this latency.
    public Behaviour withLatency(Latency newLatency) {
        return with(newLatency, answer, limits, faults);
    }

    /// The same with this text as every answer.
    public Behaviour withAnswer(String newAnswer) {
        return with(latency, newAnswer, limits, faults);
    }

    /// The same with these limits.
    public Behaviour withLimits(RateLimits newLimits) {
        return with(latency, answer, newLimits, faults);
    }

    private Behaviour with(
            @Nullable Latency newLatency,
            @Nullable String newAnswer,
            @Nullable RateLimits newLimits,
            @Nullable List<Fault> newFaults) {
        return new Behaviour(
                newLatency,
                firstByte,
                inputTokens,
                cachedTokens,
                outputTokens,
                newAnswer,
                version,
                contextTokens,
                dimensions,
                prices,
                newLimits,
                newFaults,
                thinkingTokens,
                tool);
    }

    /// What `first` says, and where it is silent, what `second` says.
    static Behaviour over(Behaviour first, Behaviour second) {
        return new Behaviour(
                either(first.latency, second.latency),
                either(first.firstByte, second.firstByte),
                either(first.inputTokens, second.inputTokens),
                either(first.cachedTokens, second.cachedTokens),
                either(first.outputTokens, second.outputTokens),
                either(first.answer, second.answer),
                either(first.version, second.version),
                either(first.contextTokens, second.contextTokens),
                either(first.dimensions, second.dimensions),
                either(first.prices, second.prices),
                either(first.limits, second.limits),
                either(first.faults, second.faults),
                either(first.thinkingTokens, second.thinkingTokens),
                either(first.tool, second.tool));
    }

    private static <T> @Nullable T either(@Nullable T first, @Nullable T second) {
        return first != null ? first : second;
    }

    private static void within(String name, @Nullable Integer value, int low, int high) {
        if (value != null && (value < low || value > high)) {
            throw new IllegalArgumentException(name + " must be between " + low + " and " + high);
        }
    }
}
