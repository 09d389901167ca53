package dev.longshore.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.longshore.retry.RetryPolicy.AfterLast;
import dev.longshore.testing.chance.Seeded;
import java.math.BigDecimal;
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

    private record Bounds(Duration initial, double multiplier, Duration max, double jitter) {
        RetryPolicy policy() {
            return new RetryPolicy(5, initial, multiplier, max, jitter, RetryPolicy.RETRYABLE, AfterLast.DEAD_LETTER);
        }
    }

    /// Everyday policies and the edges of what can be said: nothing, nanoseconds, centuries, multipliers
    /// beyond reason.
    private static Bounds bounds(Random random) {
        return new Bounds(
                delay(random),
                random.nextInt(4) == 0 ? Double.MAX_VALUE : 1 + random.nextDouble() * 9,
                delay(random),
                random.nextInt(3) == 0 ? random.nextInt(2) : random.nextDouble());
    }

    private static Duration delay(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Duration.ZERO;
            case 1 -> Duration.ofNanos(random.nextInt(3_000_000));
            case 2 -> Duration.ofDays(36_500);
            default -> Duration.ofMillis(random.nextInt(100_000));
        };
    }

    private static int failures(Random random) {
        return random.nextInt(4) == 0 ? Integer.MAX_VALUE - random.nextInt(3) : 1 + random.nextInt(40);
    }

    @Test
    void noDelayLeavesItsBounds() {
        Seeded.check("no delay leaves its bounds", 10_000, random -> {
            Bounds bounds = bounds(random);
            Duration delay = bounds.policy().delayAfter(failures(random), random.nextDouble());

            // Delays are counted in milliseconds, rounded after chance has had its part.
            double first = Math.min(bounds.initial().toMillis(), bounds.max().toMillis());
            assertThat(delay)
                    .as(bounds.toString())
                    .isBetween(Duration.ofMillis((long) (first * (1 - bounds.jitter()) * 0.999_999)), bounds.max());
        });
    }

    @Test
    void delaysGrowWithFailuresAndShrinkWithChance() {
        Seeded.check("delays grow with failures and shrink with chance", 10_000, random -> {
            Bounds bounds = bounds(random);
            RetryPolicy policy = bounds.policy();
            int failures = Math.min(failures(random), Integer.MAX_VALUE - 1);
            double chance = random.nextDouble();
            Duration delay = policy.delayAfter(failures, chance);

            assertThat(policy.delayAfter(failures + 1, chance))
                    .as(bounds.toString())
                    .isGreaterThanOrEqualTo(delay);
            assertThat(policy.delayAfter(failures, chance / 2))
                    .as(bounds.toString())
                    .isGreaterThanOrEqualTo(delay);
            assertThat(policy.delayAfter(failures, chance)).isEqualTo(delay);
        });
    }

    @Test
    void delaysAgreeWithMultiplyingStepByStep() {
        Seeded.check("delays agree with multiplying step by step", 10_000, random -> {
            Bounds bounds = bounds(random);
            int failures = 1 + random.nextInt(60);
            double chance = random.nextDouble();
            BigDecimal most = BigDecimal.valueOf(bounds.max().toMillis());
            BigDecimal delay = BigDecimal.valueOf(bounds.initial().toMillis()).min(most);
            for (int i = 1; i < failures; i++) {
                delay = delay.multiply(BigDecimal.valueOf(bounds.multiplier())).min(most);
            }
            double expected = delay.doubleValue() * (1 - bounds.jitter() * chance);

            assertThat((double) bounds.policy().delayAfter(failures, chance).toMillis())
                    .as(bounds.toString())
                    .isCloseTo(expected, within(0.501 + expected * 1e-9));
        });
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
