package dev.longshore.worker.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private Instant local = NOON;
    private final DatabaseClock clock = new DatabaseClock(() -> local);

    @Test
    void beforeItIsSetItShowsTheLocalTime() {
        assertThat(clock.instant()).isEqualTo(NOON);
    }

    @Test
    void itRunsAsFarAheadAsTheDatabaseDoes() {
        clock.set(NOON, NOON.plusSeconds(90), NOON);
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(90));
        local = NOON.plusSeconds(5);
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(95));
        assertThat(clock.local()).isEqualTo(local);
    }

    @Test
    void itRunsAsFarBehindAsTheDatabaseDoes() {
        clock.set(NOON, NOON.minus(Duration.ofDays(400)), NOON);
        assertThat(clock.instant()).isEqualTo(NOON.minus(Duration.ofDays(400)));
    }

    @Test
    void theDatabaseSpokeInTheMiddleOfTheRoundTrip() {
        local = NOON.plusMillis(200);
        clock.set(NOON, NOON.plusSeconds(10), local);
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(10).plusMillis(100));
    }

    @Test
    void aLocalClockThatJumpsIsMendedByTheNextSetting() {
        clock.set(NOON, NOON, NOON);
        local = NOON.plusSeconds(3_600);
        clock.set(local, NOON.plusSeconds(5), local);
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(5));
    }
}
