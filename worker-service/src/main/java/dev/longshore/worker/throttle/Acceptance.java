package dev.longshore.worker.throttle;

/// How willing a provider has been lately, and how much less it should be asked therefore: the client-side
/// throttling of "Handling Overload" (Site Reliability Engineering, ch. 21). Up to a fifth of all calls may be
/// refused before fewer are made; then as many are held back as would only be refused. A provider that refuses now
/// and then is not slowed down for it, and one that refuses everything gets a call now and then, which is how it
/// heals.
///
/// Guarded by the gate.
final class Acceptance {
    /// How many calls are made for one that is accepted before any is held back.
    private static final double GENEROSITY = 1.25;

    /// What happened so long ago counts half.
    private static final double HALF_LIFE_NANOS = 5e9;

    private double asked;
    private double accepted;
    private long atNanos;

    /// @return the share of calls to hold back, from 0 to less than 1
    double holdBack(long nanos) {
        fade(nanos);
        return Math.max(0, (asked - GENEROSITY * accepted) / (asked + 1));
    }

    void ended(boolean wasAccepted, long nanos) {
        fade(nanos);
        asked++;
        accepted += wasAccepted ? 1 : 0;
    }

    private void fade(long nanos) {
        double left = Math.pow(0.5, (nanos - atNanos) / HALF_LIFE_NANOS);
        atNanos = nanos;
        asked *= left;
        accepted *= left;
    }
}
