package dev.longshore.worker.throttle;

/// What a call says about the health of its provider. A request that it refuses for its own sake is a sign of health;
/// one that is refused here, and never sent, says nothing.
public enum CallHealth {
    GOOD,
    SLOW,
    FAILED,
    /// Alive, but not willing now.
    THROTTLED
}
