package dev.longshore.worker.provider.prediction;

import dev.longshore.attempt.AttemptOutcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a prediction stands, as far as one look at it tells.
sealed interface Standing {
    /// It goes on, or it could not be seen just now.
    ///
    /// @param asked how long the provider wants not to be asked
    record Going(@Nullable Duration asked) implements Standing {}

    /// It is over: there is an answer, or there will never be one.
    record Over(AttemptOutcome outcome) implements Standing {}

    /// It may go on, but we are not let in any more.
    record ShutOut(AttemptOutcome outcome) implements Standing {}
}
