package dev.longshore.api.request;

import java.util.Locale;
import java.util.Optional;

/// What a key may be used for.
public enum Scope {
    /// Everything that a tenant does with its own jobs.
    JOBS,
    /// Tenants and keys: what operators do.
    ADMIN;

    private final String word = name().toLowerCase(Locale.ROOT);

    /// The scope as clients and the database spell it.
    public String word() {
        return word;
    }

    public static Optional<Scope> of(String word) {
        for (Scope scope : values()) {
            if (scope.word.equals(word)) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }
}
