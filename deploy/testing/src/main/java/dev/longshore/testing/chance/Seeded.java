package dev.longshore.testing.chance;

import java.util.Random;

/// Random cases for a property, from a seed that a failure names: `-Dlongshore.seed=N` repeats the run.
public final class Seeded {
    private static final String PROPERTY = "longshore.seed";

    private Seeded() {}

    /// One case of a property; throws when the property does not hold for it.
    @FunctionalInterface
    public interface Case {
        void check(Random random) throws Exception;
    }

    /// The seed of a run: the one that was asked for, or a new one. Printed, so that it is known even
    /// when the run does not come to its end.
    public static long seed(String what) {
        long seed = Long.getLong(PROPERTY, new Random().nextLong());
        System.out.println(what + " -D" + PROPERTY + "=" + seed);
        return seed;
    }

    /// Checks a property on many cases.
    ///
    /// @param property the property as a sentence, for the failure
    /// @throws AssertionError for the first case that does not have it, with the seed and the number of
    ///     the case
    public static void check(String property, int cases, Case check) {
        long seed = seed(property);
        Random seeds = new Random(seed);
        for (int i = 0; i < cases; i++) {
            // Chance of its own for each case, so that what one draws does not move the others. Drawn
            // and not counted up: the first draws from seeds that lie side by side are nearly the same.
            Random random = new Random(seeds.nextLong());
            try {
                check.check(random);
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        property + ": not so in case " + i + " of -D" + PROPERTY + "=" + seed + ": " + e.getMessage(),
                        e);
            }
        }
    }
}
