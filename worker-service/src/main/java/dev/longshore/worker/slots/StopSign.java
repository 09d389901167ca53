package dev.longshore.worker.slots;

import dev.longshore.attempt.AttemptOutcome.Interruption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Tells one running attempt to stop, and why. The first reason counts.
public final class StopSign {
    private final CompletableFuture<Interruption> raised = new CompletableFuture<>();

    /// @return whether this was the first reason
    public boolean raise(Interruption why) {
        return raised.complete(why);
    }

    /// Completes when the attempt must stop.
    public CompletionStage<Interruption> whenRaised() {
        return raised;
    }

    /// Why the attempt must stop; null while it may go on.
    public @Nullable Interruption reason() {
        return raised.getNow(null);
    }
}
