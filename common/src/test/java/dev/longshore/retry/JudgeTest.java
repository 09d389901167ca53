package dev.longshore.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.attempt.Usage;
import dev.longshore.job.Settlement;
import dev.longshore.job.Settlement.Bury;
import dev.longshore.job.Settlement.Cancel;
import dev.longshore.job.Settlement.Complete;
import dev.longshore.job.Settlement.FallBack;
import dev.longshore.job.Settlement.HandBack;
import dev.longshore.job.Settlement.Wait;
import dev.longshore.job.WaitReason;
import dev.longshore.retry.RetryPolicy.AfterLast;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JudgeTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final int MAX = 3;

    /// What a case must come to, in words.
    private enum Verdict {
        COMPLETE,
        BURY,
        BURY_AND_DISCARD,
        BURY_UNKNOWN,
        BURY_DEADLINE,
        BACK_OFF,
        RATE_LIMITED,
        PROVIDER_QUOTA,
        RESCUE,
        HAND_BACK,
        CANCEL
    }

    private record Case(
            AttemptOutcome outcome, int attempt, boolean failOnUnknown, AfterLast afterLast, Verdict expected) {}

    /// Every way to end × every code × first or last attempt × whether an unknown outcome fails × what
    /// follows the last failure.
    static Stream<Case> table() {
        List<Case> cases = new ArrayList<>();
        for (int attempt = 1; attempt <= MAX; attempt++) {
            for (boolean failOnUnknown : new boolean[] {false, true}) {
                for (AfterLast afterLast : AfterLast.values()) {
                    add(cases, attempt, failOnUnknown, afterLast);
                }
            }
        }
        return cases.stream();
    }

    private static void add(List<Case> cases, int attempt, boolean failOnUnknown, AfterLast afterLast) {
        boolean last = attempt == MAX;
        Verdict afterFailure =
                !last ? Verdict.BACK_OFF : afterLast == AfterLast.DISCARD ? Verdict.BURY_AND_DISCARD : Verdict.BURY;
        Answer answer = new Answer("{}", Usage.NONE, null, Duration.ZERO, Reply.NONE);
        cases.add(new Case(new Answered(answer), attempt, failOnUnknown, afterLast, Verdict.COMPLETE));
        for (ErrorCode code : ErrorCode.values()) {
            cases.add(new Case(new Refused(code, "no", Reply.NONE), attempt, failOnUnknown, afterLast, Verdict.BURY));
            cases.add(new Case(
                    new Throttled(code, "later", Reply.NONE),
                    attempt,
                    failOnUnknown,
                    afterLast,
                    code == ErrorCode.PROVIDER_QUOTA_EXHAUSTED ? Verdict.PROVIDER_QUOTA : Verdict.RATE_LIMITED));
            Verdict broken = switch (code.errorClass()) {
                case TRANSIENT, TIMEOUT, MALFORMED_RESPONSE -> afterFailure;
                case INVALID_REQUEST, AUTHENTICATION, CONTENT_POLICY, RATE_LIMITED, VALIDATION, TOOL -> Verdict.BURY;
                case PLATFORM -> code != ErrorCode.WORKER_LOST ? Verdict.BURY : last ? afterFailure : Verdict.RESCUE;
            };
            cases.add(new Case(new Broken(code, "broken", Reply.NONE), attempt, failOnUnknown, afterLast, broken));
            cases.add(new Case(
                    new Unknown(code, "silence", Reply.NONE),
                    attempt,
                    failOnUnknown,
                    afterLast,
                    failOnUnknown ? Verdict.BURY_UNKNOWN : broken));
        }
        for (boolean sent : new boolean[] {false, true}) {
            for (Interruption why : Interruption.values()) {
                Verdict expected = switch (why) {
                    case CANCEL -> Verdict.CANCEL;
                    case DEADLINE -> Verdict.BURY_DEADLINE;
                    case DRAIN, LEASE_LOST -> sent && failOnUnknown ? Verdict.BURY_UNKNOWN : Verdict.HAND_BACK;
                };
                cases.add(new Case(new Interrupted(why, sent), attempt, failOnUnknown, afterLast, expected));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyEndingHasItsSettlement(Case row) {
        Settlement settlement = Judge.judge(
                row.outcome(),
                policy(row.afterLast()),
                standing(row.attempt(), row.attempt(), row.failOnUnknown()),
                NOW,
                0);

        assertThat(name(settlement)).isEqualTo(row.expected());
    }

    private static @Nullable Verdict name(Settlement settlement) {
        return switch (settlement) {
            case Complete _ -> Verdict.COMPLETE;
            case Cancel _ -> Verdict.CANCEL;
            // The judge's own words tell its own reasons from a code that an adapter chose.
            case Bury(var code, var message, var _)
            when code == ErrorCode.OUTCOME_UNKNOWN && message.contains("The job asks") -> Verdict.BURY_UNKNOWN;
            case Bury(var code, var message, var _)
            when code == ErrorCode.DEADLINE_EXCEEDED && message.startsWith("The job's deadline") ->
                Verdict.BURY_DEADLINE;
            case Bury(var _, var _, var discard) -> discard ? Verdict.BURY_AND_DISCARD : Verdict.BURY;
            case Wait(var reason, var _, var _, var charged) ->
                switch (reason) {
                    case BACKOFF -> charged ? Verdict.BACK_OFF : null;
                    case RATE_LIMITED -> charged ? null : Verdict.RATE_LIMITED;
                    case PROVIDER_QUOTA -> charged ? null : Verdict.PROVIDER_QUOTA;
                    default -> null;
                };
            case HandBack(var _, var charged) -> charged ? Verdict.RESCUE : Verdict.HAND_BACK;
            case FallBack _ -> null;
        };
    }

    @Test
    void theLongerOfOurDelayAndTheProvidersIsTaken() {
        assertThat(until(new Broken(ErrorCode.PROVIDER_UNAVAILABLE, "x", after(Duration.ofSeconds(9))), 1))
                .isEqualTo(NOW.plusSeconds(9));
        assertThat(until(new Broken(ErrorCode.PROVIDER_UNAVAILABLE, "x", after(Duration.ofMillis(3))), 1))
                .isEqualTo(NOW.plusSeconds(1));
        assertThat(until(new Throttled(ErrorCode.PROVIDER_RATE_LIMITED, "x", after(Duration.ofHours(2))), 1))
                .isEqualTo(NOW.plus(Duration.ofHours(2)));
        assertThat(until(new Throttled(ErrorCode.PROVIDER_RATE_LIMITED, "x", Reply.NONE), 1))
                .isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void throttledJobsBackOffByTheirClaimsBecauseTheirAttemptsStandStill() {
        Throttled throttled = new Throttled(ErrorCode.PROVIDER_RATE_LIMITED, "x", Reply.NONE);

        assertThat(until(throttled, 1)).isEqualTo(NOW.plusSeconds(1));
        assertThat(until(throttled, 4)).isEqualTo(NOW.plusSeconds(8));
        assertThat(until(throttled, 40)).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void aCallThatFailedForOneOfSeveralKeysCostsNoAttemptNotEvenTheLast() {
        Settlement settlement =
                Judge.withAnotherKey("said 401", policy(AfterLast.DISCARD), standing(MAX, 4, true), NOW, 0);

        assertThat(settlement)
                .isEqualTo(new Wait(WaitReason.BACKOFF, NOW.plusSeconds(8), "PROVIDER_AUTH_FAILED: said 401", false));
    }

    @Test
    void noWaitIsSoShortThatItTurnsInACircle() {
        RetryPolicy eager =
                new RetryPolicy(MAX, Duration.ZERO, 1, Duration.ZERO, 0, RetryPolicy.RETRYABLE, AfterLast.DEAD_LETTER);
        Settlement settlement = Judge.judge(
                new Throttled(ErrorCode.PROVIDER_RATE_LIMITED, "x", after(Duration.ZERO)),
                eager,
                standing(1, 1, false),
                NOW,
                0);

        assertThat(settlement)
                .isInstanceOfSatisfying(
                        Wait.class, wait -> assertThat(wait.until()).isEqualTo(NOW.plus(Judge.SHORTEST_WAIT)));
    }

    private static Standing standing(int attempt, int claims, boolean failOnUnknown) {
        return new Standing(attempt, claims, failOnUnknown, NOW.plus(Duration.ofDays(1)), List.of());
    }

    private static Instant until(AttemptOutcome outcome, int claims) {
        Settlement settlement = Judge.judge(outcome, policy(AfterLast.DEAD_LETTER), standing(1, claims, false), NOW, 0);
        return ((Wait) settlement).until();
    }

    private static Reply after(@Nullable Duration retryAfter) {
        return new Reply(429, null, retryAfter, null);
    }

    private static RetryPolicy policy(AfterLast afterLast) {
        return new RetryPolicy(
                MAX, Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.5, RetryPolicy.RETRYABLE, afterLast);
    }
}
