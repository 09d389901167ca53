package dev.longshore.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.webhook.CallOutcome;
import dev.longshore.webhook.CallOutcome.Answered;
import dev.longshore.webhook.CallOutcome.Forbidden;
import dev.longshore.webhook.CallOutcome.NotReached;
import dev.longshore.worker.delivery.Ruling.Again;
import dev.longshore.worker.delivery.Ruling.Delivered;
import dev.longshore.worker.delivery.Ruling.GivenUp;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the end of a call does to its notice.
class RulingTest {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(5);

    private static Ruling of(CallOutcome outcome, int tries) {
        return Ruling.of(outcome, tries, 0.5);
    }

    private static Answered answered(int status, Duration retryAfter) {
        return new Answered(status, "", Duration.ZERO, retryAfter);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void anyTwoHundredIsDelivered(int status) {
        assertThat(of(answered(status, null), 0)).isEqualTo(new Delivered());
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 307, 400, 401, 404, 429, 500, 502, 503, 504})
    void allElseIsSentAgain(int status) {
        assertThat(of(answered(status, null), 0)).isEqualTo(new Again(FIRST_WAIT, Duration.ZERO));
    }

    @Test
    void whatWasNotReachedOrForbiddenIsSentAgain() {
        assertThat(of(new NotReached("refused", Duration.ZERO), 0)).isEqualTo(new Again(FIRST_WAIT, Duration.ZERO));
        assertThat(of(new Forbidden("private"), 0)).isEqualTo(new Again(FIRST_WAIT, Duration.ZERO));
    }

    @Test
    void theTenthFailureIsTheLast() {
        assertThat(of(answered(500, null), 8)).isEqualTo(new Again(Duration.ofHours(24), Duration.ZERO));
        assertThat(of(answered(500, null), 9)).isEqualTo(new GivenUp(Duration.ZERO, false));
        // Asked for anew after it was given up.
        assertThat(of(answered(500, null), 10)).isEqualTo(new GivenUp(Duration.ZERO, false));
    }

    @Test
    void goneIsGone() {
        assertThat(of(answered(410, Duration.ofSeconds(1)), 0)).isEqualTo(new GivenUp(Duration.ZERO, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void twoAnswersSlowEverythingDown(int status) {
        Duration asked = Duration.ofMinutes(2);
        assertThat(of(answered(status, asked), 0)).isEqualTo(new Again(asked, asked));
        assertThat(of(answered(status, asked), 9)).isEqualTo(new GivenUp(asked, false));
        assertThat(of(answered(status, Duration.ofDays(3)), 0))
                .isEqualTo(new Again(Duration.ofHours(24), Duration.ofHours(24)));
    }

    @Test
    void otherAnswersSlowDownTheirOwnNotice() {
        assertThat(of(answered(500, Duration.ofMinutes(2)), 0))
                .isEqualTo(new Again(Duration.ofMinutes(2), Duration.ZERO));
    }
}
