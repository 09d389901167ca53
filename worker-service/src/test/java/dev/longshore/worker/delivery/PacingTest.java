package dev.longshore.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// When looks are made.
class PacingTest {
    private static final int PATIENCE = 30;

    private final Pacing pacing = new Pacing();

    private CompletableFuture<Boolean> awaiting() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return pacing.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                Executors.newVirtualThreadPerTaskExecutor());
    }

    private long millisUntilNext() throws Exception {
        long before = System.nanoTime();
        assertThat(awaiting().get(PATIENCE, TimeUnit.SECONDS)).isTrue();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
    }

    @Test
    void withoutACallALookIsMadeNowAndThen() throws Exception {
        assertThat(millisUntilNext()).isGreaterThanOrEqualTo(190);
    }

    @Test
    void aCallBringsTheNextLook() throws Exception {
        CompletableFuture<Boolean> next = awaiting();
        pacing.call();
        assertThat(next.get(PATIENCE, TimeUnit.SECONDS)).isTrue();
    }

    /// However often this machine is busy elsewhere, it is not each time.
    private long fewestMillisUntilTheCallIsHeard(long enough) throws Exception {
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < 50 && fewest >= enough; i++) {
            pacing.call();
            fewest = Math.min(fewest, millisUntilNext());
        }
        return fewest;
    }

    @Test
    void aCallDuringALookIsNotLost() throws Exception {
        assertThat(fewestMillisUntilTheCallIsHeard(190)).isLessThan(190);
    }

    @Test
    void looksThatFindNothingGetRareAlthoughTheyAreCalledFor() throws Exception {
        for (int i = 0; i < 10; i++) {
            pacing.found(false, Duration.ZERO);
        }
        pacing.call();
        assertThat(millisUntilNext()).isGreaterThanOrEqualTo(98);
        // And frequent again once one has found something.
        pacing.found(true, Duration.ZERO);
        assertThat(fewestMillisUntilTheCallIsHeard(98)).isLessThan(98);
    }

    @Test
    void looksThatTakeLongAreApartByAsMuch() throws Exception {
        pacing.found(true, Duration.ofMillis(80));
        pacing.call();
        assertThat(millisUntilNext()).isGreaterThanOrEqualTo(78);
    }

    @Test
    void closingEndsTheWait() throws Exception {
        pacing.failed();
        CompletableFuture<Boolean> next = awaiting();
        pacing.close();
        assertThat(next.get(PATIENCE, TimeUnit.SECONDS)).isFalse();
    }
}
