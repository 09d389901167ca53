package dev.longshore.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How a receiver that fails is treated.
class ReceiverHealthTest {
    @ParameterizedTest
    @CsvSource({"0, 32", "1, 4", "4, 4", "5, 1", "1000000, 1"})
    void failuresTakeRoomAway(int failures, int atOnce) {
        assertThat(ReceiverHealth.atOnce(failures)).isEqualTo(atOnce);
    }

    @ParameterizedTest
    @CsvSource({
        "4, PT10M, PT0S",
        "5, PT0S, PT5S",
        "5, PT9S, PT5S",
        "5, PT30S, PT15S",
        "99, PT8M, PT4M",
        "99, PT10M, PT5M",
        "99, P4D, PT5M"
    })
    void itRestsForHalfAsLongAsItHasFailed(int failures, Duration failing, Duration rest) {
        assertThat(new ReceiverHealth(failures, failing).rest()).isEqualTo(rest);
    }

    @Test
    void fiveDaysAndFiveFailuresAreHopeless() {
        assertThat(new ReceiverHealth(5, Duration.ofDays(5)).isHopeless()).isTrue();
        assertThat(new ReceiverHealth(4, Duration.ofDays(9)).isHopeless()).isFalse();
        assertThat(new ReceiverHealth(99, Duration.ofDays(5).minusMillis(1)).isHopeless())
                .isFalse();
    }
}
