package dev.longshore.simulator.tongue;

import org.jspecify.annotations.Nullable;

/// A request that every house would answer with a 400.
public final class BadAsk extends Exception {

    private final transient Trouble.Senseless trouble;

    public BadAsk(String message, @Nullable String param, @Nullable String code) {
        // Without a stack trace: it is an answer, and may be wanted thousands of times a second.
        super(message, null, false, false);
        this.trouble = new Trouble.Senseless(message, param, code);
    }

    public BadAsk(String message) {
        this(message, null, null);
    }

    /// What is wrong with it.
    public Trouble.Senseless trouble() {
        return trouble;
    }
}
