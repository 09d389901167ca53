package dev.longshore.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The table of the contract, and what a receiver may ask for.
class RetryScheduleTest {
    private static final double ALMOST_ONE = Math.nextDown(1.0);

    @ParameterizedTest
    @CsvSource({"1, PT5S", "2, PT5M", "3, PT30M", "4, PT2H", "5, PT5H", "6, PT10H", "7, PT14H", "8, PT20H", "9, PT24H"})
    void eachWaitIsAFifthMoreOrLess(int tries, Duration wait) {
        long millis = wait.toMillis();
        assertThat(RetrySchedule.after(tries, 0, null)).contains(Duration.ofMillis(millis * 8 / 10));
        assertThat(RetrySchedule.after(tries, 0.5, null)).contains(wait);
        assertThat(RetrySchedule.after(tries, ALMOST_ONE, null)).contains(Duration.ofMillis(millis * 12 / 10));
    }

    @Test
    void theTenthFailureIsTheLast() {
        assertThat(RetrySchedule.MOST_TRIES).isEqualTo(10);
        assertThat(RetrySchedule.after(9, 0.5, null)).isPresent();
        assertThat(RetrySchedule.after(10, 0.5, null)).isEmpty();
        assertThat(RetrySchedule.after(10, 0.5, Duration.ofSeconds(1))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT0S, PT5S", "PT4S, PT5S", "PT6S, PT6S", "PT24H, PT24H", "PT24H1S, PT24H", "P400D, PT24H"})
    void noWaitIsShorterThanTheReceiverAsksUpToADay(Duration asked, Duration wait) {
        assertThat(RetrySchedule.after(1, 0.5, asked)).contains(wait);
    }
}
