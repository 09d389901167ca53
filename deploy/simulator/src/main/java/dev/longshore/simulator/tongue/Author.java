package dev.longshore.simulator.tongue;

/// Makes up the answers.
public interface Author {

    /// What the model says.
    ChatAnswer chat(Ask.Chat ask);

    /// What the texts mean.
    Vectors embed(Ask.Embedding ask);
}
