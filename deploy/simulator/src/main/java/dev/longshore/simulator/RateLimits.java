package dev.longshore.simulator;

import org.jspecify.annotations.Nullable;

/// What a model takes before it answers 429: calls open at once, requests a minute, tokens a minute. Absent means
/// unlimited.
public record RateLimits(
        @Nullable Integer concurrent,
        @Nullable Integer requestsPerMinute,
        @Nullable Integer tokensPerMinute) {

    public RateLimits {
        if (notPositive(concurrent) || notPositive(requestsPerMinute) || notPositive(tokensPerMinute)) {
            throw new IllegalArgumentException("limits must be 1 or more");
        }
    }

    private static boolean notPositive(@Nullable Integer limit) {
        return limit != null && limit < 1;
    }
}
