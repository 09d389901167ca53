package dev.longshore.job;

import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.Usage;
import dev.longshore.money.Usd;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One finished claim, ready to be recorded: what the judge decided, and the attempt that led to it.
///
/// @param call the provider call; null when none was made, so that the number of attempts stays the number
///     of calls
public record Verdict(
        ClaimedJob job, Settlement settlement, @Nullable Call call) {

    /// The provider call behind a verdict.
    ///
    /// @param model the provider's own name of the model that was asked
    /// @param usage tokens booked, [Usage#NONE] where the call cost nothing
    /// @param held what the call may have cost at most, where its outcome is unknown
    public record Call(
            String provider,
            String model,
            Instant startedAt,
            Instant endedAt,
            AttemptOutcome outcome,
            Usage usage,
            Usd cost,
            Usd held) {}
}
