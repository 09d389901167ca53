package dev.longshore.simulator.tongue;

/// A 64-bit hash of texts (FNV-1a over UTF-16 units).
public final class Fingerprint {

    /// To start with.
    public static final long EMPTY = 0xCBF29CE484222325L;

    private static final long PRIME = 0x100000001B3L;

    private Fingerprint() {}

    /// Folds a text into a running hash.
    public static long of(long running, CharSequence text) {
        long hash = running;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return hash;
    }
}
