package dev.longshore.standalone.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(30));

    @Test
    void theFirstDeathCostsNothingAndEachFurtherOneTwiceAsMuchUpToTheLongestWait() {
        assertThat(Stream.of(1, 2, 3, 4, 5, 6, 7, 1_000_000).map(BACKOFF::before))
                .containsExactly(
                        Duration.ZERO,
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofMillis(400),
                        Duration.ofMillis(800),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
    }

    @Test
    void aLongRunEndsTheRowOfDeaths() {
        assertThat(BACKOFF.wasWell(Duration.ofSeconds(30))).isTrue();
        assertThat(BACKOFF.wasWell(Duration.ofMillis(29_999))).isFalse();
    }
}
