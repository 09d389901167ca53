package dev.longshore.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.provider.SharePlan.Holding;
import dev.longshore.testing.chance.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How one limit is dealt out among workers.
class SharePlanTest {
    private static final long ALL_SPARE = Long.MAX_VALUE;

    private static List<Long> targets(long limit, long spare, long... wanted) {
        List<Holding> holdings = IntStream.range(0, wanted.length)
                .mapToObj(i -> new Holding(i + 1, 0, wanted[i], true))
                .toList();
        return holdings.stream()
                .map(holding -> SharePlan.target(limit, spare, holding.workerId(), holdings))
                .toList();
    }

    @Test
    void whatNobodyWantsIsSharedEqually() {
        assertThat(targets(12, ALL_SPARE, 0, 0, 0)).containsExactly(4L, 4L, 4L);
        assertThat(targets(12, ALL_SPARE, 6, 0, 0)).containsExactly(8L, 2L, 2L);
    }

    @Test
    void nobodyIsGivenMoreThanTheSpareBeyondItsWish() {
        assertThat(targets(100, 5, 20, 0)).containsExactly(25L, 5L);
    }

    @Test
    void whoWantsLittleGetsItAndTheOthersShareTheRest() {
        assertThat(targets(10, ALL_SPARE, 2, 100, 100)).containsExactly(2L, 4L, 4L);
    }

    @Test
    void fewerPermitsThanWorkersAreNotLost() {
        assertThat(targets(1, ALL_SPARE, 1, 1, 1).stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(1);
        assertThat(targets(1, ALL_SPARE, 0, 0, 7)).contains(1L);
    }

    @Test
    void thePartOfADeadWorkerIsNobodysUntilItLapses() {
        List<Holding> holdings = List.of(new Holding(1, 0, 10, true), new Holding(2, 6, 10, false));
        assertThat(SharePlan.target(10, 0, 1, holdings)).isEqualTo(4);
    }

    @Test
    void allTargetsTogetherAreNeverMoreThanTheLimitAndNoneThatIsWantedIsLeftLying() {
        Seeded.check("targets add up", 5_000, random -> {
            long limit = 1 + random.nextInt(50);
            long[] wanted = random.longs(1 + random.nextInt(6), 0, 60).toArray();
            List<Long> targets = targets(limit, random.nextInt(30), wanted);
            long sum = targets.stream().mapToLong(Long::longValue).sum();
            assertThat(sum).isLessThanOrEqualTo(limit);
            long wish = 0;
            for (long each : wanted) {
                wish += each;
            }
            assertThat(sum).as("limit %d wanted %s", limit, wish).isGreaterThanOrEqualTo(Math.min(limit, wish));
        });
    }

    /// Each worker changes its own row only, whenever it likes, by what it sees. This is the safety of the whole.
    @Test
    void partsNeverAddUpToMoreThanTheLimitWhateverTheOrderOfDealing() {
        Seeded.check("parts never add up to more", 2_000, random -> {
            long limit = 1 + random.nextInt(20);
            int workers = 1 + random.nextInt(5);
            long[] rows = new long[workers];
            long[] held = new long[workers];
            for (int step = 0; step < 40; step++) {
                int me = random.nextInt(workers);
                List<Holding> seen = new ArrayList<>();
                for (int i = 0; i < workers; i++) {
                    seen.add(new Holding(i + 1, i == me ? held[i] : rows[i], random.nextInt(25), true));
                }
                long target = SharePlan.target(limit, random.nextInt(10), me + 1, seen);
                rows[me] = SharePlan.part(limit, target, held[me], me + 1, seen);
                // It keeps what is in use, and lets the rest above its target go without saying so yet.
                long inUse = held[me] == 0 ? 0 : random.nextLong(held[me] + 1);
                held[me] = Math.min(rows[me], Math.max(target, inUse));
                long sum = 0;
                for (long row : rows) {
                    sum += row;
                }
                assertThat(sum).isLessThanOrEqualTo(limit);
            }
        });
    }
}
