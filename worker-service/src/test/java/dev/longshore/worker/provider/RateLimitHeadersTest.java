package dev.longshore.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.Headroom;
import dev.longshore.attempt.Headroom.Left;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What providers say that they will still take.
class RateLimitHeadersTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private static MultiMap openAi(String remaining, String reset) {
        return MultiMap.caseInsensitiveMultiMap()
                .add("x-ratelimit-limit-requests", "100")
                .add("x-ratelimit-remaining-requests", remaining)
                .add("x-ratelimit-reset-requests", reset);
    }

    private static Headroom read(MultiMap headers) {
        return Objects.requireNonNull(RateLimitHeaders.in(headers, NOW));
    }

    @ParameterizedTest
    @CsvSource({"6m0s, 0.25", "1m30s, 1", "20ms, 900", "1.5s, 60", "1h0m0s, 0.025", "0s, 900"})
    void openAisResetTellsHowFastTheRestGrows(String reset, double perSecond) {
        assertThat(read(openAi("10", reset)).requests()).isEqualTo(new Left(10, perSecond));
    }

    @Test
    void anthropicsResetIsATime() {
        Headroom headroom = read(MultiMap.caseInsensitiveMultiMap()
                .add("anthropic-ratelimit-requests-limit", "60")
                .add("anthropic-ratelimit-requests-remaining", "0")
                .add("anthropic-ratelimit-requests-reset", "2026-11-20T12:01:00Z")
                .add("anthropic-ratelimit-input-tokens-limit", "5000")
                .add("anthropic-ratelimit-input-tokens-remaining", "4000")
                .add("anthropic-ratelimit-input-tokens-reset", "2026-11-20T12:00:10Z")
                .add("anthropic-ratelimit-output-tokens-limit", "1000")
                .add("anthropic-ratelimit-output-tokens-remaining", "900")
                .add("anthropic-ratelimit-output-tokens-reset", "2026-11-20T12:00:10Z"));

        assertThat(headroom).isEqualTo(new Headroom(new Left(0, 1), new Left(900, 10)));
    }

    @Test
    void theScarcerOfRequestsAndTokensCountsForACall() {
        Headroom headroom = new Headroom(new Left(10, 1), new Left(900, 90));
        assertThat(headroom.calls(10)).isEqualTo(new Left(10, 1));
        assertThat(headroom.calls(300)).isEqualTo(new Left(3, 0.3));
        assertThat(new Headroom(null, new Left(50, 5)).calls(0)).isEqualTo(new Left(50, 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "", "-5s", "1w", "99999999999999999999s", "6m 0s"})
    void whatCannotBeUnderstoodIsNotHeard(String reset) {
        assertThat(RateLimitHeaders.in(openAi("10", reset), NOW)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "many", "1e9", "99999999999999999999"})
    void aCountThatIsNoneIsNotHeard(String remaining) {
        assertThat(RateLimitHeaders.in(openAi(remaining, "1s"), NOW)).isNull();
    }

    @Test
    void silenceIsNoLimit() {
        assertThat(RateLimitHeaders.in(MultiMap.caseInsensitiveMultiMap(), NOW)).isNull();
    }
}
