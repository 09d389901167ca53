package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Whether it waits shows in a thread that has been interrupted before: waiting fails at once, not waiting does not.
class GroupPaceTest {
    private final AtomicLong time = new AtomicLong(-10_000_000);
    private final GroupPace pace = new GroupPace(time::get);

    @AfterEach
    void calm() {
        Thread.interrupted();
    }

    @Test
    void theFirstGroupWaitsForNothing() {
        assertThat(waits()).isFalse();
    }

    @Test
    void aSmallGroupHoldsNobodyUp() {
        pace.begin(1);
        assertThat(waits()).isFalse();
    }

    @Test
    void afterALargeGroupTheNextWaits() {
        pace.begin(30);
        assertThat(waits()).isTrue();
    }

    @Test
    void theWaitIsFromBeginningToBeginning() {
        pace.begin(30);
        time.addAndGet(Duration.ofMillis(10).toNanos() - 1);
        assertThat(waits()).isTrue();
        time.addAndGet(1);
        assertThat(waits()).isFalse();
    }

    private boolean waits() {
        Thread.currentThread().interrupt();
        try {
            pace.await();
            return false;
        } catch (InterruptedException _) {
            return true;
        }
    }
}
