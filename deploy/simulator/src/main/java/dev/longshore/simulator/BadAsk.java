package dev.longshore.simulator;

import org.jspecify.annotations.Nullable;

/// A request that OpenAI would answer with a 400.
final class BadAsk extends Exception {

    private final @Nullable String param;
    private final @Nullable String code;

    BadAsk(String message, @Nullable String param, @Nullable String code) {
        // Without a stack trace: it is an answer, and may be wanted thousands of times a second.
        super(message, null, false, false);
        this.param = param;
        this.code = code;
    }

    @Nullable
    String param() {
        return param;
    }

    @Nullable
    String code() {
        return code;
    }

    String text() {
        String message = getMessage();
        return message == null ? "bad request" : message;
    }
}
