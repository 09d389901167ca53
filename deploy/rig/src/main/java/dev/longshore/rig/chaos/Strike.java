package dev.longshore.rig.chaos;

/// How one fault is done and undone.
///
/// @param begin once at the beginning
/// @param again again and again until the end
/// @param everyMs between two of those
/// @param end once, whatever happened before; it must leave everything whole
record Strike(Action begin, Action again, long everyMs, Action end) {
    private static final Action NOTHING = () -> {};

    /// One thing that is done.
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    static Strike once(Action begin, Action end) {
        return new Strike(begin, NOTHING, LONG_MS, end);
    }

    static Strike repeated(long everyMs, Action again) {
        return new Strike(NOTHING, again, everyMs, NOTHING);
    }

    private static final long LONG_MS = 3_600_000;
}
