package dev.longshore.worker.provider.prediction;

import dev.longshore.worker.provider.RetryAfter;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// How long to wait between two looks at a prediction: half a second at first, then twice as long each time, ten
/// seconds at most.
final class Pace {
    static final Duration FIRST = Duration.ofMillis(500);
    static final Duration LONGEST = Duration.ofSeconds(10);

    /// The part that chance takes off, so that predictions that were bought together are not asked for together.
    private static final double JITTER = 0.2;

    private final DoubleSupplier chance;
    private Duration next;

    /// @param chance uniform in [0, 1)
    Pace(DoubleSupplier chance) {
        this(chance, FIRST);
    }

    /// @param first to wait before the first look
    Pace(DoubleSupplier chance, Duration first) {
        this.chance = chance;
        next = first;
    }

    /// @param asked how long the provider wants not to be asked
    Duration next(@Nullable Duration asked) {
        Duration ours = Duration.ofNanos(Math.round(next.toNanos() * (1 - JITTER * chance.getAsDouble())));
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        if (asked == null || asked.compareTo(ours) <= 0) {
            return ours;
        }
        return asked.compareTo(RetryAfter.LONGEST) < 0 ? asked : RetryAfter.LONGEST;
    }
}
