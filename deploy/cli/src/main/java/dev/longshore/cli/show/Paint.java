package dev.longshore.cli.show;

/// Colours, or none.
public enum Paint {
    COLOUR,
    PLAIN;

    private static final String RESET = "\u001b[0m";
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String BLUE = "\u001b[36m";
    private static final String DIM = "\u001b[2m";
    private static final String BOLD = "\u001b[1m";

    /// The word of a status, of a job or of what else has one, in the colour of how good it is.
    public String status(String word) {
        return switch (word.strip()) {
            case "complete", "delivered", "enabled", "available", "answered" -> in(GREEN, word);
            case "failed", "disabled", "shut_down", "refused", "broken" -> in(RED, word);
            case "waiting", "awaiting_review", "pending", "deprecated", "throttled", "unknown" -> in(YELLOW, word);
            case "processing", "running" -> in(BLUE, word);
            case "cancelled", "interrupted" -> in(DIM, word);
            default -> word;
        };
    }

    public String bad(String text) {
        return in(RED, text);
    }

    public String heading(String text) {
        return in(BOLD, text);
    }

    public String aside(String text) {
        return in(DIM, text);
    }

    private String in(String colour, String text) {
        return this == COLOUR ? colour + text + RESET : text;
    }
}
