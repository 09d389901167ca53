package dev.longshore.simulator.tongue;

import org.jspecify.annotations.Nullable;

/// What a model says.
///
/// @param text the words; those of declining or failing if it finishes so, the arguments if it calls a tool
/// @param tool the tool that is called, null in most answers
/// @param thoughts what the model thought before it spoke, empty in most answers
/// @param cachedTokens how many of the input tokens came from a cache
/// @param outputTokens those of the thoughts included
public record ChatAnswer(
        Ask.Chat ask,
        String model,
        Finish finish,
        String text,
        @Nullable String tool,
        String thoughts,
        int inputTokens,
        int cachedTokens,
        int outputTokens,
        int thoughtTokens)
        implements Answer {

    /// The same, finished otherwise: nothing that was thought or called before remains.
    public ChatAnswer finished(Finish newFinish, String newText, int newOutputTokens) {
        return new ChatAnswer(ask, model, newFinish, newText, null, "", inputTokens, cachedTokens, newOutputTokens, 0);
    }

    /// Input and output together.
    public long totalTokens() {
        return (long) inputTokens + outputTokens;
    }
}
