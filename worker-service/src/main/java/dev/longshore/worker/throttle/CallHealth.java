package dev.longshore.worker.throttle;

/// What a call says about the health of its provider. A request that is refused for its own sake is a sign of health.
public enum CallHealth {
    GOOD,
    SLOW,
    FAILED,
    /// Alive, but not willing now.
    THROTTLED
}
