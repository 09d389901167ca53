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

    /// Whether it is a provider that holds the job back: such jobs are fetched as soon as it allows more.
    public boolean isHeldByProvider() {
        return switch (this) {
            case RATE_LIMITED, CIRCUIT_OPEN, CONCURRENCY, PROVIDER_QUOTA -> true;
            case SCHEDULED, BACKOFF, BUDGET, CHILDREN, REVIEW -> false;
        };
    }

    /// The reason as clients and the database spell it.
    public String word() {
        return word;
    }
}
