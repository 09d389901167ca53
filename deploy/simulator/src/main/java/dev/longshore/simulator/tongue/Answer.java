package dev.longshore.simulator.tongue;

/// What is answered, before a tongue writes it down.
public sealed interface Answer permits ChatAnswer, Vectors, Promise {

    /// The tokens of the prompt.
    int inputTokens();

    /// The tokens of the answer.
    int outputTokens();
}
