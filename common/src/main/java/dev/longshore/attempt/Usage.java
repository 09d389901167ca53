package dev.longshore.attempt;

/// Tokens of one call as the provider counted them, or as we did where it said nothing. Cached input tokens
/// are part of the input tokens.
public record Usage(int inputTokens, int cachedInputTokens, int outputTokens) {
    public static final Usage NONE = new Usage(0, 0, 0);

    public Usage {
        if (inputTokens < 0 || outputTokens < 0 || cachedInputTokens < 0 || cachedInputTokens > inputTokens) {
            throw new IllegalArgumentException("no such usage: " + inputTokens + " input, " + cachedInputTokens
                    + " of them cached, " + outputTokens + " output");
        }
    }
}
