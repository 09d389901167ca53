package dev.longshore.worker.slots;

import static dev.longshore.lane.Lane.BATCH;
import static dev.longshore.lane.Lane.INTERACTIVE;
import static dev.longshore.lane.Lane.STANDARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.longshore.lane.Lane;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlotsTest {
    private static final int PLENTY = 1_000_000;
    private static final Map<Lane, Integer> EVERYBODY_WANTS =
            Map.of(INTERACTIVE, PLENTY, STANDARD, PLENTY, BATCH, PLENTY);

    private static Slots usual(int total) {
        return new Slots(
                total,
                List.of(
                        LaneShare.of(INTERACTIVE, 6, 0.1, total),
                        LaneShare.of(STANDARD, 3, 0.1, total),
                        LaneShare.of(BATCH, 1, 0.05, total)));
    }

    @Test
    void competingLanesShareByWeight() {
        assertThat(usual(100).take(EVERYBODY_WANTS, PLENTY))
                .containsExactlyInAnyOrderEntriesOf(Map.of(INTERACTIVE, 60, STANDARD, 30, BATCH, 10));
    }

    @Test
    void anIdleLanesShareIsLentButForItsReserve() {
        Slots slots = usual(100);
        assertThat(slots.take(Map.of(BATCH, PLENTY), PLENTY)).isEqualTo(Map.of(BATCH, 80));
        assertThat(slots.taken(BATCH)).isEqualTo(80);
        assertThat(slots.taken()).isEqualTo(80);
        assertThat(slots.total()).isEqualTo(100);
    }

    @Test
    void anInteractiveJobGetsASlotAtOnceWhenBatchFillsAllItMay() {
        Slots slots = usual(100);
        slots.take(Map.of(BATCH, PLENTY), PLENTY);
        assertThat(slots.take(Map.of(INTERACTIVE, 1, BATCH, PLENTY), PLENTY)).isEqualTo(Map.of(INTERACTIVE, 1));
    }

    @Test
    void aWholeReserveIsThereAtOnceWhenTheOthersFillAllTheyMay() {
        Slots slots = usual(100);
        slots.take(Map.of(STANDARD, PLENTY, BATCH, PLENTY), PLENTY);
        assertThat(slots.take(EVERYBODY_WANTS, PLENTY)).isEqualTo(Map.of(INTERACTIVE, 10));
    }

    @Test
    void whatWasLentComesBackAsAttemptsEnd() {
        Slots slots = usual(100);
        slots.take(Map.of(BATCH, PLENTY), PLENTY);
        slots.take(Map.of(INTERACTIVE, PLENTY, STANDARD, PLENTY, BATCH, PLENTY), PLENTY);
        List<Lane> nexts = new ArrayList<>();
        while (slots.taken(BATCH) > 10) {
            slots.giveBack(BATCH, 1);
            nexts.addAll(slots.take(EVERYBODY_WANTS, 1).keySet());
        }
        assertThat(nexts).hasSize(70).doesNotContain(BATCH);
        assertThat(slots.taken(INTERACTIVE)).isEqualTo(60);
        assertThat(slots.taken(STANDARD)).isEqualTo(30);
    }

    @Test
    void theMostUrgentGoesFirstAndThenEachHasItsTurn() {
        Slots slots = usual(100);
        assertThat(slots.take(EVERYBODY_WANTS, 1)).isEqualTo(Map.of(INTERACTIVE, 1));
        assertThat(slots.take(EVERYBODY_WANTS, 1)).isEqualTo(Map.of(STANDARD, 1));
        assertThat(slots.take(EVERYBODY_WANTS, 1)).isEqualTo(Map.of(BATCH, 1));
    }

    @Test
    void noMoreIsTakenThanIsWantedOrAllowed() {
        Slots slots = usual(100);
        assertThat(slots.take(Map.of(STANDARD, 7), 5)).isEqualTo(Map.of(STANDARD, 5));
        assertThat(slots.take(Map.of(STANDARD, 2), 5)).isEqualTo(Map.of(STANDARD, 2));
        assertThat(slots.take(Map.of(), 5)).isEmpty();
        assertThat(slots.take(EVERYBODY_WANTS, 0)).isEmpty();
    }

    @Test
    void givingBackMoreThanWasTakenIsRefusedAndChangesNothing() {
        Slots slots = usual(100);
        slots.take(Map.of(BATCH, 2), 2);
        assertThatIllegalStateException()
                .isThrownBy(() -> slots.giveBack(BATCH, 3))
                .withMessageContaining("batch");
        assertThat(slots.taken(BATCH)).isEqualTo(2);
    }

    /// Weights that stand beside attempts of very different lengths: what counts is what runs, not what was started.
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 1, 50", "50, 1, 1", "7, 30, 2"})
    void overTimeTheLanesRunInProportionToTheirWeights(int interactiveTakes, int standardTakes, int batchTakes) {
        Map<Lane, Integer> steps = Map.of(INTERACTIVE, interactiveTakes, STANDARD, standardTakes, BATCH, batchTakes);
        Slots slots = usual(200);
        Random random = new Random(7);
        Map<Lane, Double> slotSteps = new EnumMap<>(Lane.class);
        // Batch has been alone for a while.
        slots.take(Map.of(BATCH, PLENTY), PLENTY);
        int warmUp = 2_000;
        int rounds = 4_000;
        for (int round = 0; round < warmUp + rounds; round++) {
            for (Lane lane : Lane.values()) {
                int running = slots.taken(lane);
                int ending = 0;
                for (int i = 0; i < running; i++) {
                    ending += random.nextInt(steps.get(lane)) == 0 ? 1 : 0;
                }
                slots.giveBack(lane, ending);
            }
            slots.take(EVERYBODY_WANTS, PLENTY);
            if (round >= warmUp) {
                for (Lane lane : Lane.values()) {
                    slotSteps.merge(lane, (double) slots.taken(lane) / rounds, Double::sum);
                }
            }
        }
        assertThat(slotSteps.get(INTERACTIVE)).isCloseTo(120, within(2.0));
        assertThat(slotSteps.get(STANDARD)).isCloseTo(60, within(2.0));
        assertThat(slotSteps.get(BATCH)).isCloseTo(20, within(2.0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void whateverHappensTheInvariantsHold(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 50; run++) {
            int total = 1 + random.nextInt(60);
            Map<Lane, Integer> reserved = reserves(random, total);
            List<LaneShare> shares = reserved.entrySet().stream()
                    .map(lane -> new LaneShare(lane.getKey(), 1 + random.nextInt(9), lane.getValue()))
                    .toList();
            Slots slots = new Slots(total, shares);
            for (int step = 0; step < 200; step++) {
                if (random.nextBoolean()) {
                    takeAndCheck(slots, reserved, random);
                } else {
                    Lane lane = Lane.values()[random.nextInt(Lane.values().length)];
                    slots.giveBack(lane, random.nextInt(slots.taken(lane) + 1));
                }
            }
        }
    }

    private static Map<Lane, Integer> reserves(Random random, int total) {
        Map<Lane, Integer> reserved = new EnumMap<>(Lane.class);
        int left = total;
        for (Lane lane : Lane.values()) {
            int reserve = random.nextInt(left + 1) / (1 + random.nextInt(3));
            reserved.put(lane, reserve);
            left -= reserve;
        }
        return reserved;
    }

    private static void takeAndCheck(Slots slots, Map<Lane, Integer> reserved, Random random) {
        Map<Lane, Integer> wanted = new EnumMap<>(Lane.class);
        Map<Lane, Integer> before = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            wanted.put(lane, random.nextInt(4) == 0 ? 0 : random.nextInt(80));
            before.put(lane, slots.taken(lane));
        }
        int most = random.nextInt(3) == 0 ? random.nextInt(10) : PLENTY;

        Map<Lane, Integer> granted = slots.take(wanted, most);

        int free = slots.total() - slots.taken();
        int keptFree = 0;
        for (Lane lane : Lane.values()) {
            assertThat(slots.taken(lane)).isEqualTo(before.get(lane) + granted.getOrDefault(lane, 0));
            assertThat(granted.getOrDefault(lane, 0)).isLessThanOrEqualTo(wanted.get(lane));
            keptFree += Math.max(0, reserved.get(lane) - slots.taken(lane));
        }
        assertThat(granted.values().stream().mapToInt(i -> i).sum()).isLessThanOrEqualTo(most);
        assertThat(free).as("never more than there are").isNotNegative();
        assertThat(free).as("what is reserved and not in use is free").isGreaterThanOrEqualTo(keptFree);
        if (most == PLENTY) {
            for (Lane lane : Lane.values()) {
                boolean wantsMore = wanted.get(lane) > granted.getOrDefault(lane, 0);
                int keptForOthers = keptFree - Math.max(0, reserved.get(lane) - slots.taken(lane));
                assertThat(wantsMore && free > keptForOthers)
                        .as("nobody waits while there is a slot that it may use")
                        .isFalse();
                assertThat(wantsMore && slots.taken(lane) < reserved.get(lane))
                        .as("nobody waits below its reserve")
                        .isFalse();
            }
        }
    }

    /// Where there is next to nothing, nothing is reserved either.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 10, 11, 20})
    void howeverFewSlotsThereAreEveryLaneGetsOneInTheEnd(int total) {
        for (Lane lane : Lane.values()) {
            Slots slots = usual(total);
            Map<Lane, Integer> others = new EnumMap<>(EVERYBODY_WANTS);
            others.remove(lane);
            slots.take(others, PLENTY);
            int rounds = 0;
            while (slots.taken(lane) == 0) {
                assertThat(rounds++).as("rounds that %s waits", lane).isLessThan(3);
                for (Lane other : others.keySet()) {
                    slots.giveBack(other, Math.min(1, slots.taken(other)));
                }
                slots.take(EVERYBODY_WANTS, PLENTY);
            }
        }
    }
}
