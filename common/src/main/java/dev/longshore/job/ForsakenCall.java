package dev.longshore.job;

import dev.longshore.money.Usd;
import java.time.Instant;

/// A call that went on at its provider while no worker had its job, and that nobody waits for any more: its job is over
/// without it, or another claim has asked another model.
///
/// @param epoch the claim that made it
/// @param workerId who gave it up
/// @param model the name that callers use for the model that was asked
/// @param requestId the provider's own id of it
/// @param held what it may have cost at most
public record ForsakenCall(
        JobId job,
        int epoch,
        int workerId,
        String provider,
        String model,
        Instant startedAt,
        String requestId,
        Usd held) {}
