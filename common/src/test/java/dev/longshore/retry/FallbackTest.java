package dev.longshore.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.job.Settlement;
import dev.longshore.job.Settlement.Bury;
import dev.longshore.job.Settlement.FallBack;
import dev.longshore.job.Settlement.Wait;
import dev.longshore.job.WaitReason;
import dev.longshore.retry.RetryPolicy.AfterLast;
import dev.longshore.retry.Standing.Onward;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// When another model of the route is asked.
class FallbackTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Onward SMALL = new Onward("small", false);
    private static final Onward LARGE = new Onward("large", true);
    private static final RetryPolicy FOUR = new RetryPolicy(
            4, Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0, RetryPolicy.RETRYABLE, AfterLast.DEAD_LETTER);

    private static Settlement judge(AttemptOutcome outcome, int attempt, Onward... onward) {
        Standing standing = new Standing(attempt, attempt, false, NOW.plusSeconds(100), List.of(onward));
        return Judge.judge(outcome, FOUR, standing, NOW, 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"CONTENT_FILTER_TRIGGERED", "UNKNOWN_MODEL"})
    void whatOneModelRefusesTheNextIsAsked(ErrorCode code) {
        assertThat(judge(new Refused(code, "no", Reply.NONE), 1, SMALL, LARGE))
                .isEqualTo(new FallBack("small", code + ": no", true));
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"CONTEXT_LENGTH_EXCEEDED", "UNSUPPORTED_INPUT"})
    void whatIsTooLongGoesToTheFirstThatTakesMore(ErrorCode code) {
        assertThat(judge(new Refused(code, "long", Reply.NONE), 1, SMALL, LARGE))
                .isEqualTo(new FallBack("large", code + ": long", true));
        assertThat(judge(new Refused(code, "long", Reply.NONE), 1, SMALL)).isEqualTo(new Bury(code, "long", false));
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"INVALID_REQUEST", "PROVIDER_AUTH_FAILED"})
    void whatNoModelCanMendIsBuriedAtOnce(ErrorCode code) {
        assertThat(judge(new Refused(code, "no", Reply.NONE), 1, LARGE)).isEqualTo(new Bury(code, "no", false));
    }

    @Test
    void aRefusalOfTheLastAttemptIsBuriedSinceNoneIsLeftForAnother() {
        assertThat(judge(new Refused(ErrorCode.CONTENT_FILTER_TRIGGERED, "no", Reply.NONE), 4, LARGE))
                .isInstanceOf(Bury.class);
    }

    @Test
    void failuresAreTriedAgainUntilOneAttemptIsLeftForEachModelOnward() {
        Broken broken = new Broken(ErrorCode.PROVIDER_UNAVAILABLE, "down", Reply.NONE);
        assertThat(judge(broken, 1, SMALL, LARGE)).isInstanceOf(Wait.class);
        assertThat(judge(broken, 2, SMALL, LARGE)).isEqualTo(new FallBack("small", "PROVIDER_UNAVAILABLE: down", true));
        assertThat(judge(broken, 3, LARGE)).isEqualTo(new FallBack("large", "PROVIDER_UNAVAILABLE: down", true));
        assertThat(judge(broken, 4)).isInstanceOf(Bury.class);
        assertThat(judge(new Unknown(ErrorCode.MODEL_TIMEOUT, "late", Reply.NONE), 2, SMALL, LARGE))
                .isInstanceOf(FallBack.class);
    }

    @Test
    void aLostWorkerSaysNothingAboutItsModel() {
        assertThat(judge(new Unknown(ErrorCode.WORKER_LOST, "gone", Reply.NONE), 3, LARGE))
                .isInstanceOf(Settlement.HandBack.class);
    }

    @Test
    void aShortWaitIsWaitedOutAndALongOneIsNot() {
        Standing standing = new Standing(1, 1, false, NOW.plusSeconds(100), List.of(SMALL));

        // A tenth of what is left of the job's life.
        assertThat(Judge.heldBack(WaitReason.CIRCUIT_OPEN, NOW.plusSeconds(10), "open", standing, NOW))
                .isEqualTo(new Wait(WaitReason.CIRCUIT_OPEN, NOW.plusSeconds(10), "open", false));
        assertThat(Judge.heldBack(WaitReason.CIRCUIT_OPEN, NOW.plusSeconds(11), "open", standing, NOW))
                .isEqualTo(new FallBack("small", "circuit_open: open", false));
    }

    @Test
    void withNobodyElseToAskEveryWaitIsWaitedOut() {
        Standing alone = new Standing(1, 1, false, NOW.plusSeconds(100), List.of());

        assertThat(Judge.heldBack(WaitReason.CONCURRENCY, NOW.plusSeconds(99), "full", alone, NOW))
                .isInstanceOf(Wait.class);
    }

    @Test
    void aProviderThatSaysForHowLongIsBelieved() {
        assertThat(judge(throttled(Duration.ofSeconds(5)), 1, SMALL)).isInstanceOf(Wait.class);
        assertThat(judge(throttled(Duration.ofSeconds(50)), 1, SMALL))
                .isEqualTo(new FallBack("small", "rate_limited: later", false));
    }

    private static Throttled throttled(Duration retryAfter) {
        return new Throttled(ErrorCode.PROVIDER_RATE_LIMITED, "later", new Reply(429, null, retryAfter, null));
    }
}
