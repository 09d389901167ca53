package dev.longshore.simulator.tongue;

/// An answer that is not given but fetched, once it is there.
public record Promise(Ask.Prediction ask, ChatAnswer answer) implements Answer {

    /// The same with another text.
    public Promise with(String text) {
        return new Promise(ask, answer.finished(answer.finish(), text, answer.outputTokens()));
    }

    @Override
    public int inputTokens() {
        return answer.inputTokens();
    }

    @Override
    public int outputTokens() {
        return answer.outputTokens();
    }
}
