package dev.longshore.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.longshore.simulator.tongue.openai.OpenAi;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The parts that only calculate.
class ArithmeticTest {

    @Test
    void aSpreadLatencyHasItsMedianAndItsTail() {
        Behaviour behaviour =
                Behaviour.ORDINARY.withLatency(Latency.spread(Duration.ofMillis(400), Duration.ofMillis(2_000)));
        long[] drawn = draw(behaviour, 1);

        assertThat((double) drawn[drawn.length / 2]).isCloseTo(400, within(10.0));
        assertThat((double) drawn[drawn.length * 99 / 100]).isCloseTo(2_000, within(100.0));
        assertThat(drawn[0]).isPositive();
        assertThat(draw(behaviour, 1)).isEqualTo(drawn);
        assertThat(draw(behaviour, 2)).isNotEqualTo(drawn);
    }

    private static long[] draw(Behaviour behaviour, long seed) {
        ModelStage stage = new ModelStage("m", behaviour, seed, 0);
        long[] drawn = LongStream.rangeClosed(1, 50_000)
                .map(number -> stage.latencyMs(behaviour, number))
                .toArray();
        Arrays.sort(drawn);
        return drawn;
    }

    @Test
    void aFixedLatencyIsAlwaysTheSameAndNoneIsLongerThanAnHour() {
        assertThat(Latency.fixed(Duration.ofMillis(50)).sampleMs(0.9)).isEqualTo(50);
        assertThat(Latency.fixed(Duration.ofDays(9)).sampleMs(0)).isEqualTo(3_600_000);
        assertThat(new Latency(null, 1e6, 1e9).sampleMs(0.999999)).isEqualTo(3_600_000);
        assertThatIllegalArgumentException().isThrownBy(() -> new Latency(null, 5.0, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new Latency(null, 5.0, 4.0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Latency(-1L, null, null));
    }

    @Test
    void theNormalQuantileAgreesWithTheTables() {
        assertThat(NormalQuantile.of(0.5)).isCloseTo(0, within(1e-8));
        assertThat(NormalQuantile.of(0.975)).isCloseTo(1.959963985, within(1e-7));
        assertThat(NormalQuantile.of(0.01)).isCloseTo(-2.326347874, within(1e-7));
        assertThat(NormalQuantile.of(0)).isFinite();
    }

    @Test
    void aRollingWindowSeesBurstsThatStraddleTwoSeconds() {
        RollingCount count = new RollingCount(1_000);
        for (int i = 0; i < 10; i++) {
            count.add(10_900);
        }
        for (int i = 0; i < 10; i++) {
            count.add(11_100);
        }
        assertThat(count.maximum()).isEqualTo(20);
    }

    @Test
    void aRollingWindowNeverCountsMoreThanASecond() {
        RollingCount count = new RollingCount(1_000);
        for (long at = 50_000; at < 60_000; at += 100) {
            count.add(at);
        }
        assertThat(count.maximum()).isEqualTo(10);
        count.add(500_000);
        assertThat(count.maximum()).isEqualTo(10);
    }

    @Test
    void aBucketFillsWithinAMinute() {
        Limiter limiter = new Limiter(new RateLimits(null, 60, null), 0);
        for (int i = 0; i < 60; i++) {
            assertThat(limiter.admit(1, 0)).isNull();
        }
        assertThat(limiter.admit(1, 0))
                .isNotNull()
                .extracting(Limiter.Refusal::retryMs)
                .isEqualTo(1_000L);
        assertThat(limiter.admit(1, 999)).isNotNull();
        assertThat(limiter.admit(1, 1_000)).isNull();
    }

    @Test
    void tokensAndPlacesAreLimitedToo() {
        Limiter tokens = new Limiter(new RateLimits(null, null, 1_000), 0);
        assertThat(tokens.admit(800, 0)).isNull();
        assertThat(tokens.admit(800, 0))
                .isNotNull()
                .extracting(Limiter.Refusal::what)
                .asString()
                .contains("TPM");
        assertThat(tokens.admit(800, 36_000)).isNull();

        Limiter places = new Limiter(new RateLimits(1, null, null), 0);
        assertThat(places.admit(1, 0)).isNull();
        assertThat(places.admit(1, 0)).isNotNull();
        places.leave();
        assertThat(places.admit(1, 0)).isNull();
    }

    @Test
    void durationsAreWrittenAsOpenAiDoes() {
        assertThat(OpenAi.duration(20)).isEqualTo("20ms");
        assertThat(OpenAi.duration(1_200)).isEqualTo("1.2s");
        assertThat(OpenAi.duration(59_000)).isEqualTo("59s");
        assertThat(OpenAi.duration(360_000)).isEqualTo("6m0s");
    }
}
