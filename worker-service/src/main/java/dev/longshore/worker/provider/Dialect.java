package dev.longshore.worker.provider;

import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.prediction.Prediction;
import dev.longshore.worker.slots.StopSign;

/// Turns a normal request into a provider's own, and its reply, error or silence into an outcome. That
/// is its one job: permits, breakers, retries and fallbacks are outside of it.
public interface Dialect {
    /// Makes the call and blocks until it is over; made for virtual threads.
    ///
    /// @param tokens takes what the model says as it says it, where the input asks for a stream
    /// @return how it ended; never throws for anything that a provider or the network does
    AttemptOutcome call(Ask ask, Timeouts timeouts, StopSign stop, TokenSink tokens);

    /// Tells the provider that nobody wants any more what was bought of it, where it can be told. May fail in silence.
    default void giveUp(Prediction prediction) {
        // Most calls are over when nobody waits for them.
    }
}
