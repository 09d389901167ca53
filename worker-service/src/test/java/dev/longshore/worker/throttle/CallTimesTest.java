package dev.longshore.worker.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How long to wait for a call.
class CallTimesTest {
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofSeconds(300);
    private static final Load SHORT = new Load(100, 50);
    private static final Load LONG = new Load(100, 8_000);

    private final CallTimes times = new CallTimes();

    private Duration patience(Load load, int timeouts) {
        return times.patience(load, timeouts, LEAST, MOST);
    }

    private void seen(Load load, int calls, Duration took) {
        for (int i = 0; i < calls; i++) {
            times.took(load, took);
        }
    }

    @Test
    void whileLittleIsKnownTheOperatorsTimeHolds() {
        assertThat(patience(SHORT, 0)).isEqualTo(MOST);
        seen(SHORT, 199, Duration.ofSeconds(2));
        assertThat(patience(SHORT, 0)).isEqualTo(MOST);
    }

    @Test
    void thriceWhatNearlyAllCallsTakeIsEnough() {
        seen(SHORT, 200, Duration.ofSeconds(2));
        assertThat(patience(SHORT, 0)).isBetween(Duration.ofMillis(5_000), Duration.ofMillis(7_200));
    }

    @Test
    void aFewSlowOnesAreNotCutOff() {
        seen(SHORT, 980, Duration.ofMillis(500));
        seen(SHORT, 20, Duration.ofSeconds(20));
        assertThat(patience(SHORT, 0)).isGreaterThan(Duration.ofSeconds(40));
    }

    @Test
    void theBoundsHold() {
        seen(SHORT, 300, Duration.ofMillis(1));
        assertThat(patience(SHORT, 0)).isEqualTo(LEAST);
        seen(LONG, 300, Duration.ofSeconds(200));
        assertThat(patience(LONG, 0)).isEqualTo(MOST);
    }

    @Test
    void eachTimeoutDoublesTheNextPatience() {
        seen(SHORT, 300, Duration.ofSeconds(2));
        assertThat(patience(SHORT, 1)).isEqualTo(patience(SHORT, 0).multipliedBy(2));
        assertThat(patience(SHORT, 2)).isEqualTo(patience(SHORT, 0).multipliedBy(4));
        assertThat(patience(SHORT, 60)).isEqualTo(MOST);
    }

    @Test
    void callsOfAnotherSizeSayNothingAboutThisOne() {
        seen(SHORT, 500, Duration.ofMillis(300));
        assertThat(patience(LONG, 0)).isEqualTo(MOST);
    }

    @Test
    void itFollowsAProviderThatGetsSlower() {
        seen(SHORT, 4_000, Duration.ofMillis(500));
        Duration before = patience(SHORT, 0);
        seen(SHORT, 4_000, Duration.ofSeconds(10));
        assertThat(patience(SHORT, 0)).isGreaterThan(before.multipliedBy(10));
    }
}
