package dev.longshore.attempt;

import org.jspecify.annotations.Nullable;

/// How much a provider says that it will still take, beside an answer: `x-ratelimit-remaining-*` and the like.
///
/// @param requests null when it did not say
/// @param tokens likewise
public record Headroom(@Nullable Left requests, @Nullable Left tokens) {
    /// What is left of one thing that is counted.
    ///
    /// @param now how much is left
    /// @param perSecond how fast it grows again
    public record Left(double now, double perSecond) {
        Left each(double weight) {
            return new Left(now / weight, perSecond / weight);
        }
    }

    /// How many calls of a weight still fit; null when nothing was said.
    public @Nullable Left calls(long tokensEach) {
        Left byTokens = tokens == null ? null : tokens.each(Math.max(1, tokensEach));
        return requests == null || byTokens != null && byTokens.now() < requests.now() ? byTokens : requests;
    }
}
