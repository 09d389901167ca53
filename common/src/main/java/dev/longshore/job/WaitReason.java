package dev.longshore.job;

import java.util.Locale;

/// Why a job that could run is not running. Waiting is a state with a reason and a time, not an error.
public enum WaitReason {
    SCHEDULED,
    BACKOFF,
    RATE_LIMITED,
    CIRCUIT_OPEN,
    CONCURRENCY,
    BUDGET,
    PROVIDER_QUOTA,
    CHILDREN,
    REVIEW;

    private final String word = name().toLowerCase(Locale.ROOT);

    /// The reason as clients and the database spell it.
    public String word() {
        return word;
    }
}
