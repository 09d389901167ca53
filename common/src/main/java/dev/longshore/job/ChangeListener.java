package dev.longshore.job;

import java.util.List;

/// Is told by [JobStore] what its statements have changed, after each. Must return at once.
@FunctionalInterface
public interface ChangeListener {
    /// Hears nothing. What it would have heard is in the outbox.
    ChangeListener NONE = (_, _) -> {};

    /// @param outboxId the row of the outbox that holds these changes until they have been told; 0 when none does,
    /// since
    ///     whoever takes over a dead worker's claims tells of them too
    /// @param changes what has changed; empty when it has to be read from the outbox
    void changed(long outboxId, List<Change> changes);
}
