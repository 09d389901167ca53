package dev.longshore.worker.throttle;

/// What a limit counts.
public enum Unit {
    CALLS_AT_ONCE("concurrent"),
    CALLS("requests-per-minute"),
    TOKENS("tokens-per-minute"),
    INPUT_TOKENS("input-tokens-per-minute"),
    OUTPUT_TOKENS("output-tokens-per-minute");

    private final String word;

    Unit(String word) {
        this.word = word;
    }

    /// As the operator's file spells it.
    public String word() {
        return word;
    }

    boolean isOfTokens() {
        return this == TOKENS || this == INPUT_TOKENS || this == OUTPUT_TOKENS;
    }

    /// Whether what was taken counts for a minute, rather than until it is given back.
    boolean isRate() {
        return this != CALLS_AT_ONCE;
    }
}
