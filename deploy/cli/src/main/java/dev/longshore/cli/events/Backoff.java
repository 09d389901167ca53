package dev.longshore.cli.events;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// How long to wait before connecting again: half a second, doubling up to ten, a fifth more or less so that many who
/// lost the same server do not come back at once.
final class Backoff {
    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /// A server that wants to be left alone for longer is asked again all the same.
    private static final Duration LONGEST_WISH = Duration.ofMinutes(1);

    private static final double SPREAD = 0.2;

    private final RandomGenerator chance;
    private Duration next = SHORTEST;

    Backoff(RandomGenerator chance) {
        this.chance = chance;
    }

    /// @param wish what the server asked for, which is obeyed within bounds
    Duration next(Optional<Duration> wish) {
        Duration plain = next;
        next = shorter(next.multipliedBy(2), LONGEST);
        double factor = 1 - SPREAD + 2 * SPREAD * chance.nextDouble();
        Duration spread = Duration.ofMillis(Math.round(plain.toMillis() * factor));
        return wish.map(wished -> shorter(wished, LONGEST_WISH))
                .filter(wished -> wished.compareTo(spread) > 0)
                .orElse(spread);
    }

    /// After the server was heard.
    void reset() {
        next = SHORTEST;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
