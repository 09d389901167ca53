package dev.longshore.worker.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.lane.Lane;
import dev.longshore.road.LaneReading;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LostTicketsTest {
    private final LostTickets lost = new LostTickets();
    private long now = Duration.ofHours(1).toNanos();

    private static LaneReading reading(long end, long read) {
        return new LaneReading(Map.of(0, end), Map.of(0, read));
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void theFirstReadingIsOnlyAMark() {
        assertThat(lost.read(Lane.BATCH, reading(0, 0), now)).isEmpty();
        assertThat(lost.read(Lane.STANDARD, reading(10, 4), now)).isEmpty();
    }

    @Test
    void nothingIsLostBeforeTheLaneHasBeenReadPastTheMark() {
        lost.read(Lane.BATCH, reading(10, 4), now);
        pass(Duration.ofHours(3));
        assertThat(lost.read(Lane.BATCH, reading(30, 9), now)).isEmpty();
    }

    @Test
    void pastTheMarkEverythingOlderThanItAndTheLongestSendIsLost() {
        lost.read(Lane.BATCH, reading(10, 4), now);
        pass(Duration.ofSeconds(2));
        lost.read(Lane.BATCH, reading(20, 9), now);
        pass(Duration.ofSeconds(2));
        assertThat(lost.read(Lane.BATCH, reading(30, 10), now))
                .contains(Duration.ofSeconds(4).plus(LostTickets.LONGEST_SEND));
    }

    @Test
    void eachMarkIsReadPastOnce() {
        lost.read(Lane.BATCH, reading(10, 4), now);
        pass(Duration.ofSeconds(2));
        assertThat(lost.read(Lane.BATCH, reading(30, 10), now)).isPresent();
        // The new mark is at 30.
        pass(Duration.ofSeconds(2));
        assertThat(lost.read(Lane.BATCH, reading(30, 29), now)).isEmpty();
        pass(Duration.ofSeconds(2));
        assertThat(lost.read(Lane.BATCH, reading(31, 30), now))
                .contains(Duration.ofSeconds(4).plus(LostTickets.LONGEST_SEND));
    }

    @Test
    void anIdleLaneIsPastItsMarkAtEveryReading() {
        lost.read(Lane.BATCH, reading(7, 7), now);
        for (int i = 0; i < 5; i++) {
            pass(Duration.ofSeconds(2));
            assertThat(lost.read(Lane.BATCH, reading(7, 7), now))
                    .contains(Duration.ofSeconds(2).plus(LostTickets.LONGEST_SEND));
        }
    }

    @Test
    void aTopicThatWasMadeAnewHasNothingLeftToWaitFor() {
        lost.read(Lane.BATCH, reading(1_000, 4), now);
        pass(Duration.ofSeconds(2));
        assertThat(lost.read(Lane.BATCH, reading(0, 0), now)).isPresent();
    }

    @Test
    void everyPartitionMustBePastTheMark() {
        lost.read(Lane.BATCH, new LaneReading(Map.of(0, 5L, 1, 5L), Map.of(0, 0L, 1, 0L)), now);
        pass(Duration.ofSeconds(2));
        assertThat(lost.read(Lane.BATCH, new LaneReading(Map.of(0, 9L, 1, 9L), Map.of(0, 9L, 1, 4L)), now))
                .isEmpty();
        assertThat(lost.read(Lane.BATCH, new LaneReading(Map.of(0, 9L, 1, 9L), Map.of(0, 5L, 1, 5L)), now))
                .isPresent();
    }

    @Test
    void lanesHaveMarksOfTheirOwn() {
        lost.read(Lane.BATCH, reading(10, 0), now);
        pass(Duration.ofSeconds(2));
        assertThat(lost.read(Lane.STANDARD, reading(10, 10), now)).isEmpty();
        assertThat(lost.read(Lane.BATCH, reading(10, 10), now)).isPresent();
    }

    @Test
    void noTicketIsCalledLostWhileItMayStillBeOnItsWay() {
        assertThat(LostTickets.LONGEST_SEND).isGreaterThan(dev.longshore.road.TicketSender.LONGEST_SEND);
    }
}
