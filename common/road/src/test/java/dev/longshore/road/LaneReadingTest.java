package dev.longshore.road;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LaneReadingTest {
    private static LaneReading reading(Map<Integer, Long> ends, Map<Integer, Long> read) {
        return new LaneReading(ends, read);
    }

    @Test
    void whatIsWrittenAndNotReadIsUnclaimed() {
        assertThat(reading(Map.of(0, 10L, 1, 5L), Map.of(0, 7L, 1, 5L)).unclaimed())
                .isEqualTo(3);
        assertThat(reading(Map.of(0, 10L), Map.of()).unclaimed()).isEqualTo(10);
        assertThat(reading(Map.of(), Map.of()).unclaimed()).isZero();
    }

    @Test
    void aMarkBeyondTheEndCountsAsNothing() {
        // The topic was made anew, the group's marks are those of the old one.
        assertThat(reading(Map.of(0, 0L, 1, 4L), Map.of(0, 900L, 1, 3L)).unclaimed())
                .isEqualTo(1);
    }

    @Test
    void aLaneIsPastWhatItHasRead() {
        LaneReading earlier = reading(Map.of(0, 10L, 1, 5L), Map.of(0, 2L, 1, 5L));

        assertThat(reading(Map.of(0, 30L, 1, 5L), Map.of(0, 9L, 1, 5L)).isPast(earlier))
                .isFalse();
        assertThat(reading(Map.of(0, 30L, 1, 5L), Map.of(0, 10L, 1, 5L)).isPast(earlier))
                .isTrue();
        assertThat(reading(Map.of(0, 30L, 1, 9L), Map.of(0, 10L, 1, 4L)).isPast(earlier))
                .isFalse();
    }

    @Test
    void aPartitionThatWasMadeAnewHoldsNothingUp() {
        LaneReading earlier = reading(Map.of(0, 1_000L), Map.of(0, 200L));

        assertThat(reading(Map.of(0, 0L), Map.of(0, 0L)).isPast(earlier)).isTrue();
        assertThat(reading(Map.of(0, 5L), Map.of(0, 3L)).isPast(earlier)).isFalse();
        assertThat(reading(Map.of(0, 5L), Map.of(0, 5L)).isPast(earlier)).isTrue();
    }

    @Test
    void aReadingIsPastItselfOnlyWhenEverythingIsRead() {
        LaneReading open = reading(Map.of(0, 3L), Map.of(0, 1L));
        LaneReading empty = reading(Map.of(0, 3L), Map.of(0, 3L));

        assertThat(open.isPast(open)).isFalse();
        assertThat(empty.isPast(empty)).isTrue();
    }
}
