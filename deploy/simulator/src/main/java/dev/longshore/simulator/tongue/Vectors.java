package dev.longshore.simulator.tongue;

import java.util.List;

/// Embeddings.
///
/// @param vectors one for each text, in their order
public record Vectors(Ask.Embedding ask, String model, List<float[]> vectors, int inputTokens) implements Answer {

    /// The longest embedding, in numbers.
    public static final int MOST_DIMENSIONS = 4096;

    @Override
    public int outputTokens() {
        return 0;
    }
}
