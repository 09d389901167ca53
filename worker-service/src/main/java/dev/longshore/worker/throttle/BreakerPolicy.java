package dev.longshore.worker.throttle;

import java.time.Duration;

/// When a provider is taken for broken.
///
/// @param consecutiveFailures failures in a row that open the breaker
/// @param failureRate share of failed and slow calls in the window that opens it
/// @param minimumCalls calls that the window must hold before the share counts
/// @param slowCall from which duration on a call is slow
/// @param openFor how long the first opening in a row lasts
public record BreakerPolicy(
        int consecutiveFailures,
        double failureRate,
        Duration window,
        int minimumCalls,
        Duration slowCall,
        Duration openFor) {}
