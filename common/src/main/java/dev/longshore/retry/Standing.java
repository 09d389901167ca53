package dev.longshore.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Where a job stands when one of its attempts is judged.
///
/// @param attempt charged attempts so far, this one included
/// @param claims how often the job has been claimed, this time included; uncharged attempts back off by it
/// @param failOnUnknown the job's policy: a call that may have been done and billed must not be made again
/// @param deadlineAt when the job's whole life is over
/// @param onward the models that may be asked instead, in the order of the route; none where the job allows none
public record Standing(int attempt, int claims, boolean failOnUnknown, Instant deadlineAt, List<Onward> onward) {
    /// What part of its remaining life a job spends on one wait for a model, while there is another model to ask.
    static final int PATIENCE_PART = 10;

    public Standing {
        onward = List.copyOf(onward);
    }

    /// A model further on in the job's route.
    ///
    /// @param model the name that callers use for it
    /// @param takesMore whether it takes longer inputs than the one that is asked now
    public record Onward(String model, boolean takesMore) {}

    /// Whether a wait leaves the job enough of its life to be worth it.
    boolean canWait(Instant now, Instant until) {
        Duration left = Duration.between(now, deadlineAt);
        return Duration.between(now, until).multipliedBy(PATIENCE_PART).compareTo(left) <= 0;
    }
}
