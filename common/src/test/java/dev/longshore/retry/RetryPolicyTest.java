package dev.longshore.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.retry.RetryPolicy.AfterLast;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
    private static RetryPolicy policy(long initialMillis, double multiplier, long maxMillis, double jitter) {
        return new RetryPolicy(
                5,
                Duration.ofMillis(initialMillis),
                multiplier,
                Duration.ofMillis(maxMillis),
                jitter,
                RetryPolicy.RETRYABLE,
                AfterLast.DEAD_LETTER);
    }

    @ParameterizedTest
    @CsvSource({
        // failures, initial, multiplier, maximum, expected
        "1, 1000, 2, 60000, 1000",
        "2, 1000, 2, 60000, 2000",
        "3, 1000, 2, 60000, 4000",
        "6, 1000, 2, 60000, 32000",
        "7, 1000, 2, 60000, 60000",
        "5000, 1000, 2, 60000, 60000",
        "3, 1000, 1, 60000, 1000",
        "3, 1000, 1.5, 60000, 2250",
        "1, 5000, 2, 3000, 3000",
        "5000, 0, 2, 60000, 0",
        "0, 1000, 2, 60000, 1000"
    })
    void delaysGrowToTheirCap(int failures, long initial, double multiplier, long maximum, long expected) {
        assertThat(policy(initial, multiplier, maximum, 0).delayAfter(failures, 0.99))
                .isEqualTo(Duration.ofMillis(expected));
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5, 4000", "0.5, 0, 4000", "0.5, 0.5, 3000", "1, 0.5, 2000", "1, 0.999999, 0"})
    void jitterTakesOffAFraction(double jitter, double chance, long expected) {
        assertThat(policy(1000, 2, 60_000, jitter).delayAfter(3, chance)).isEqualTo(Duration.ofMillis(expected));
    }

    @Test
    void noDelayLeavesItsBounds() {
        Random random = new Random(17);
        for (int i = 0; i < 5_000; i++) {
            double jitter = random.nextDouble();
            long max = random.nextInt(100_000);
            RetryPolicy policy = policy(random.nextInt(10_000), 1 + random.nextDouble() * 9, max, jitter);
            Duration delay = policy.delayAfter(random.nextInt(2_000), random.nextDouble());

            assertThat(delay).isBetween(Duration.ZERO, Duration.ofMillis(max));
        }
    }

    @Test
    void impossiblePoliciesAreRefused() {
        assertThatThrownBy(() -> policy(1, 0.5, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy(1, Double.NaN, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy(1, 2, 1, 1.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy(1, 2, 1, -0.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy(1, 2, 1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy(-1, 2, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy(1, 2, -1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(
                        0, Duration.ZERO, 1, Duration.ZERO, 0, RetryPolicy.RETRYABLE, AfterLast.DEAD_LETTER))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
