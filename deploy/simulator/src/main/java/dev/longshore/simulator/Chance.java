package dev.longshore.simulator;

/// Chance without a generator: every draw is a pure function of the seed and of what it is for, so that the same
/// call number meets the same fate in every run, whichever thread serves it.
final class Chance {

    private static final double UNIT = 0x1.0p-53;

    private Chance() {}

    /// A number in [0, 1) for this purpose of this call.
    static double uniform(long seed, long purpose, long number) {
        return (mix(mix(mix(seed) ^ purpose) ^ number) >>> 11) * UNIT;
    }

    /// The finalizer of SplitMix64: every input bit reaches every output bit.
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
