package dev.longshore.worker.provider.prediction;

import dev.longshore.attempt.AttemptOutcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a prediction stands, as far as one look at it tells.
sealed interface Standing {
    /// It goes on, or it could not be seen just now.
    ///
    /// @param asked how long the provider wants not to be asked
    /// @param share how far it is, from 0 to 1; null when that is not said
    /// @param message what it does just now, for people; null when that is not said
    record Going(
            @Nullable Duration asked,
            @Nullable Double share,
            @Nullable String message) implements Standing {
        /// It could not be seen.
        static final Going UNSEEN = new Going(null, null, null);
    }

    /// It is over: there is an answer, or there will never be one.
    record Over(AttemptOutcome outcome) implements Standing {}

    /// It may go on, but we are not let in any more.
    record ShutOut(AttemptOutcome outcome) implements Standing {}
}
