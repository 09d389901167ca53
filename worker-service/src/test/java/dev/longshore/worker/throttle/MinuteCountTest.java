package dev.longshore.worker.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.testing.chance.Seeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MinuteCountTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private record Spent(long nanos, long amount) {}

    /// Against a list of everything: never below what a true rolling minute holds, and over it by a second at most.
    @Test
    void theSumIsThatOfTheLastMinuteOrALittleMore() {
        Seeded.check("the sum of a minute", 300, random -> {
            MinuteCount count = new MinuteCount();
            List<Spent> all = new ArrayList<>();
            long now = random.nextLong(-1_000 * SECOND, 1_000 * SECOND);
            for (int i = 0; i < 60; i++) {
                now += random.nextLong(5 * SECOND);
                long at = now;
                long amount = 1 + random.nextInt(9);
                count.add(amount, at);
                all.add(new Spent(at, amount));
                assertThat(count.sum(at))
                        .isGreaterThanOrEqualTo(sum(all, at - 60 * SECOND))
                        .isLessThanOrEqualTo(sum(all, at - 61 * SECOND));
            }
        });
    }

    private static long sum(List<Spent> all, long after) {
        return all.stream()
                .filter(spent -> spent.nanos() >= after)
                .mapToLong(Spent::amount)
                .sum();
    }

    @Test
    void itTellsWhenEnoughWillHaveBeenForgotten() {
        MinuteCount count = new MinuteCount();
        count.add(3, 0);
        count.add(3, 10 * SECOND);
        long now = 20 * SECOND;

        assertThat(count.nanosUntilForgotten(3, now)).isEqualTo(41 * SECOND);
        assertThat(count.nanosUntilForgotten(4, now)).isEqualTo(51 * SECOND);
        assertThat(count.sum(61 * SECOND - 1)).isEqualTo(6);
        assertThat(count.sum(61 * SECOND)).isEqualTo(3);
    }

    @Test
    void whatIsTakenBackCountsLess() {
        MinuteCount count = new MinuteCount();
        count.add(500, 0);
        count.add(-400, SECOND);
        assertThat(count.sum(SECOND)).isEqualTo(100);
    }
}
