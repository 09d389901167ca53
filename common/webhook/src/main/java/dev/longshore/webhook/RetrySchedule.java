package dev.longshore.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// When a call that failed is made again: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, each a fifth
/// more or less by chance, so that calls that failed together do not come back together. The tenth failure is the
/// last.
public final class RetrySchedule {
    /// A receiver that asks for more is tried again after this.
    public static final Duration LONGEST_ASKED = Duration.ofHours(24);

    private static final List<Duration> WAITS = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    /// How often a call is made before it is given up.
    public static final int MOST_TRIES = WAITS.size() + 1;

    private static final double JITTER = 0.2;

    private RetrySchedule() {}

    /// The wait after a failed try.
    ///
    /// @param tries how many have been made, the failed one included; 1 or more
    /// @param chance from 0 up to, not including, 1
    /// @param asked what the receiver's `Retry-After` said, if anything; the wait is never shorter than this, up to
    ///     [#LONGEST_ASKED]
    /// @return empty if there is to be no other try
    public static Optional<Duration> after(int tries, double chance, @Nullable Duration asked) {
        if (tries > WAITS.size()) {
            return Optional.empty();
        }
        double factor = 1 - JITTER + 2 * JITTER * chance;
        Duration wait = Duration.ofMillis(Math.round(WAITS.get(tries - 1).toMillis() * factor));
        return Optional.of(asked == null ? wait : longer(wait, bounded(asked)));
    }

    private static Duration bounded(Duration asked) {
        return asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
