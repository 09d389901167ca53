package dev.longshore.worker.provider;

import dev.longshore.attempt.Usage;
import dev.longshore.money.Price;
import dev.longshore.money.Usd;
import java.time.Duration;

/// Where a model's calls go.
///
/// @param provider the provider's name in the operator's file
/// @param model the provider's own name of the model
/// @param timeouts the longest that a call may take
/// @param leastPatience the shortest, where calls are known to be quick
/// @param contextTokens what input and output may have together, [Integer#MAX_VALUE] where it is not known
/// @param maxOutputTokens what a call may answer at most, for estimates of what a lost call may have cost
public record Route(
        String provider,
        String model,
        Dialect dialect,
        Timeouts timeouts,
        Duration leastPatience,
        Price price,
        int contextTokens,
        int maxOutputTokens) {
    /// What a call costs at most. A token has at least one byte, so the bytes bound the input.
    public Usd most(int inputBytes) {
        return price.of(new Usage(inputBytes, 0, maxOutputTokens));
    }
}
