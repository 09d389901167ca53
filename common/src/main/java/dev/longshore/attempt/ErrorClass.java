package dev.longshore.attempt;

import java.util.Locale;
import java.util.Optional;

/// What kind of failure it was; the class, not the code, decides what is done about it.
public enum ErrorClass {
    INVALID_REQUEST,
    AUTHENTICATION,
    CONTENT_POLICY,
    RATE_LIMITED,
    TRANSIENT,
    TIMEOUT,
    MALFORMED_RESPONSE,
    VALIDATION,
    TOOL,
    PLATFORM;

    private final String word = name().toLowerCase(Locale.ROOT);

    public String word() {
        return word;
    }

    public static Optional<ErrorClass> of(String word) {
        for (ErrorClass errorClass : values()) {
            if (errorClass.word.equals(word)) {
                return Optional.of(errorClass);
            }
        }
        return Optional.empty();
    }
}
