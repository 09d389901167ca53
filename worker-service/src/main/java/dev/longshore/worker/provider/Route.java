package dev.longshore.worker.provider;

import dev.longshore.money.Price;

/// Where a model's calls go.
///
/// @param provider the provider's name in the operator's file
/// @param model the provider's own name of the model
/// @param maxOutputTokens what a call may answer at most, for estimates of what a lost call may have cost
public record Route(
        String provider, String model, Dialect dialect, Timeouts timeouts, Price price, int maxOutputTokens) {}
