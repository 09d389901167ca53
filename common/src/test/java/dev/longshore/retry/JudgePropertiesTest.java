package dev.longshore.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorClass;
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
import dev.longshore.testing.chance.Seeded;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What holds of every judgement, whatever came of a call, whatever the policy. What is expected is
/// written from the contract's table of error classes, not from the judge.
class JudgePropertiesTest {
    private static final int CASES = 10_000;
    private static final Duration CENTURY = Duration.ofDays(36_500);
    private static final Duration LEAST = Duration.ofMillis(50);

    /// The contract's column "handling". What goes by policy is retried where the policy names its class.
    private enum Handling {
        FAIL,
        WAIT,
        RETRY,
        BY_POLICY
    }

    private static final Map<ErrorClass, Handling> CONTRACT = Map.of(
            ErrorClass.INVALID_REQUEST, Handling.FAIL,
            ErrorClass.AUTHENTICATION, Handling.FAIL,
            ErrorClass.CONTENT_POLICY, Handling.FAIL,
            ErrorClass.RATE_LIMITED, Handling.WAIT,
            ErrorClass.TRANSIENT, Handling.RETRY,
            ErrorClass.TIMEOUT, Handling.RETRY,
            ErrorClass.MALFORMED_RESPONSE, Handling.RETRY,
            ErrorClass.VALIDATION, Handling.BY_POLICY,
            ErrorClass.TOOL, Handling.BY_POLICY,
            ErrorClass.PLATFORM, Handling.FAIL);

    /// All that the judge is told.
    private record Brief(
            AttemptOutcome outcome,
            RetryPolicy policy,
            int attempt,
            int claims,
            boolean failOnUnknown,
            Instant now,
            double chance) {
        Settlement judged() {
            // Without another model to ask, the deadline changes nothing.
            Standing standing = new Standing(attempt, claims, failOnUnknown, now, List.of());
            return Judge.judge(outcome, policy, standing, now, chance);
        }

        Brief by(double otherChance) {
            return new Brief(outcome, policy, attempt, claims, failOnUnknown, now, otherChance);
        }

        @Nullable
        ErrorCode code() {
            return switch (outcome) {
                case Answered _, Interrupted _ -> null;
                case Refused refused -> refused.code();
                case Throttled throttled -> throttled.code();
                case Broken broken -> broken.code();
                case Unknown unknown -> unknown.code();
            };
        }

        /// Whether the provider may have done the work without our having the answer.
        boolean unknown() {
            return outcome instanceof Unknown
                    || outcome instanceof Interrupted(var why, var sent)
                            && sent
                            && (why == Interruption.DRAIN || why == Interruption.LEASE_LOST);
        }
    }

    @Test
    void theJudgeAgreesWithTheContractsTable() {
        Seeded.check("the judge agrees with the contract's table", CASES, random -> {
            Brief brief = brief(random);
            assertThat(kind(brief.judged())).as(brief.toString()).isEqualTo(expected(brief));
        });
    }

    /// The contract, case by case, as a word for what must come of it.
    private static String expected(Brief brief) {
        boolean left = brief.attempt() < brief.policy().maxAttempts();
        boolean discard = brief.policy().afterLast() == AfterLast.DISCARD;
        if (brief.unknown() && brief.failOnUnknown()) {
            return "bury OUTCOME_UNKNOWN";
        }
        return switch (brief.outcome()) {
            case Answered _ -> "complete";
            case Refused(var code, var _, var _) -> "bury " + code;
            case Throttled(var code, var _, var _) ->
                code == ErrorCode.PROVIDER_QUOTA_EXHAUSTED ? "wait provider_quota free" : "wait rate_limited free";
            case Interrupted(var why, var _) ->
                switch (why) {
                    case CANCEL -> "cancel";
                    case DEADLINE -> "bury DEADLINE_EXCEEDED";
                    case DRAIN, LEASE_LOST -> "hand back free";
                };
            case Broken _, Unknown _ -> {
                ErrorCode code = brief.code();
                // A policy that names a class has its will, whatever the class; what it does not name fails.
                boolean again = code == ErrorCode.WORKER_LOST
                        || brief.policy().retryOn().contains(code.errorClass());
                yield !again
                        ? "bury " + code
                        : !left
                                ? (discard ? "bury and discard " : "bury ") + code
                                : code == ErrorCode.WORKER_LOST ? "hand back charged" : "wait backoff charged";
            }
        };
    }

    private static String kind(Settlement settlement) {
        return switch (settlement) {
            case Complete _ -> "complete";
            case Cancel _ -> "cancel";
            case Bury(var code, var _, var discard) -> (discard ? "bury and discard " : "bury ") + code;
            case Wait(var reason, var _, var _, var charged) ->
                "wait " + reason.word() + (charged ? " charged" : " free");
            case HandBack(var _, var charged) -> "hand back" + (charged ? " charged" : " free");
            case FallBack(var model, var _, var _) -> "fall back to " + model;
        };
    }

    @Test
    void whatMustNotBeRetriedIsNotUnderTheOrdinaryPolicy() {
        Seeded.check("what must not be retried is not", CASES, random -> {
            ErrorCode code = any(random, ErrorCode.values());
            Reply reply = reply(random);
            AttemptOutcome outcome = switch (random.nextInt(3)) {
                case 0 -> new Refused(code, "m", reply);
                case 1 -> new Broken(code, "m", reply);
                default -> new Unknown(code, "m", reply);
            };
            Brief brief = new Brief(
                    outcome,
                    policy(random, RetryPolicy.RETRYABLE),
                    1,
                    1,
                    random.nextBoolean(),
                    now(random),
                    random.nextDouble());
            boolean mayBe = CONTRACT.get(code.errorClass()) == Handling.RETRY || code == ErrorCode.WORKER_LOST;
            if (outcome instanceof Refused || !mayBe) {
                assertThat(brief.judged()).as(brief.toString()).isInstanceOf(Bury.class);
            }
        });
    }

    @Test
    void aJobThatKeepsFailingIsTriedAsOftenAsItMayBeAndThenBuried() {
        Seeded.check("a job that keeps failing is tried as often as it may be", 3_000, random -> {
            RetryPolicy policy = policy(random, RetryPolicy.RETRYABLE);
            int calls = 0;
            int charged = 0;
            int claims = 0;
            Settlement settlement;
            do {
                claims++;
                boolean throttled = claims < 200 && random.nextInt(4) == 0;
                settlement = new Brief(
                                throttled
                                        ? new Throttled(ErrorCode.PROVIDER_RATE_LIMITED, "m", reply(random))
                                        : failure(random),
                                policy,
                                charged + 1,
                                claims,
                                false,
                                now(random),
                                random.nextDouble())
                        .judged();
                charged += settlement.charged() ? 1 : 0;
                calls += throttled ? 0 : 1;
            } while (!(settlement instanceof Bury));
            assertThat(charged).isEqualTo(policy.maxAttempts());
            assertThat(calls).as("calls that were not throttled").isEqualTo(policy.maxAttempts());
        });
    }

    @Test
    void nothingThatCountsGoesRoundAgainAfterTheLastAttempt() {
        Seeded.check("nothing that counts goes round again after the last attempt", CASES, random -> {
            Brief brief = brief(random);
            Settlement settlement = brief.judged();
            boolean again = settlement instanceof Wait || settlement instanceof HandBack;
            if (again && settlement.charged()) {
                assertThat(brief.attempt())
                        .as(brief.toString())
                        .isLessThan(brief.policy().maxAttempts());
            }
        });
    }

    @Test
    void aWaitIsAsLongAsPolicyAndProviderSayAndNoLonger() {
        Seeded.check("a wait is as long as policy and provider say and no longer", CASES, random -> {
            Brief brief = brief(random);
            if (brief.judged() instanceof Wait(var _, var until, var _, var _)) {
                Duration wait = Duration.between(brief.now(), until);
                RetryPolicy policy = brief.policy();
                Duration theirs = brief.outcome().reply().retryAfter();
                Duration asked = theirs == null ? Duration.ZERO : theirs;
                Duration first = min(policy.initialDelay(), policy.maxDelay());
                // To the millisecond, which is what delays are counted in.
                Duration shortest = Duration.ofMillis((long) (first.toMillis() * (1 - policy.jitter())) - 1);
                assertThat(wait)
                        .as(brief.toString())
                        .isGreaterThanOrEqualTo(LEAST)
                        .isGreaterThanOrEqualTo(asked)
                        .isGreaterThanOrEqualTo(shortest)
                        .isLessThanOrEqualTo(max(LEAST, max(asked, policy.maxDelay())));
            }
        });
    }

    @Test
    void failuresBackOffByTheirAttemptsAndLimitsByTheirClaims() {
        Seeded.check("failures back off by their attempts and limits by their claims", CASES, random -> {
            Brief brief = brief(random);
            if (brief.judged() instanceof Wait(var _, var until, var _, var _)) {
                int turns = brief.outcome() instanceof Throttled ? brief.claims() : brief.attempt();
                Duration theirs = brief.outcome().reply().retryAfter();
                double ours = delay(brief.policy(), turns, brief.chance());
                double expected = Math.max(LEAST.toMillis(), Math.max(theirs == null ? 0 : theirs.toMillis(), ours));
                assertThat((double) Duration.between(brief.now(), until).toMillis())
                        .as(brief.toString())
                        .isCloseTo(expected, within(0.501 + expected * 1e-9));
            }
        });
    }

    /// Step by step instead of by a power, until nothing grows any more.
    private static double delay(RetryPolicy policy, int turns, double chance) {
        double most = policy.maxDelay().toMillis();
        double delay = Math.min(policy.initialDelay().toMillis(), most);
        for (int turn = 1; turn < turns && delay < most && delay > 0 && policy.multiplier() > 1; turn++) {
            delay = Math.min(delay * policy.multiplier(), most);
        }
        return delay * (1 - policy.jitter() * chance);
    }

    @Test
    void aProviderThatAsksForMoreThanThePolicyGetsExactlyThat() {
        Seeded.check("a provider that asks for more than the policy gets exactly that", CASES, random -> {
            Brief brief = brief(random);
            Duration asked = brief.outcome().reply().retryAfter();
            if (brief.judged() instanceof Wait(var _, var until, var _, var _)
                    && asked != null
                    && asked.compareTo(max(LEAST, brief.policy().maxDelay())) > 0) {
                assertThat(until).as(brief.toString()).isEqualTo(brief.now().plus(asked));
            }
        });
    }

    @Test
    void anUnknownOutcomeIsChargedAndNotRepeatedAgainstTheJobsWill() {
        Seeded.check("an unknown outcome is charged and not repeated against the job's will", CASES, random -> {
            Brief brief = brief(random);
            Settlement settlement = brief.judged();
            if (brief.outcome() instanceof Unknown) {
                assertThat(settlement.charged()).as(brief.toString()).isTrue();
            }
            if (brief.unknown() && brief.failOnUnknown()) {
                assertThat(settlement).as(brief.toString()).isInstanceOf(Bury.class);
            }
        });
    }

    @Test
    void aLimitNeverFailsAJobAndNeverCounts() {
        Seeded.check("a limit never fails a job and never counts", CASES, random -> {
            Brief brief = brief(random);
            if (brief.outcome() instanceof Throttled) {
                assertThat(brief.judged())
                        .as(brief.toString())
                        .isInstanceOfSatisfying(
                                Wait.class, wait -> assertThat(wait.charged()).isFalse());
            }
        });
    }

    @Test
    void theReasonOfAWaitAndTheCodeOfAFailureAreTheContracts() {
        Set<WaitReason> reasons = EnumSet.of(WaitReason.BACKOFF, WaitReason.RATE_LIMITED, WaitReason.PROVIDER_QUOTA);
        Seeded.check("the reason of a wait and the code of a failure are the contract's", CASES, random -> {
            Brief brief = brief(random);
            switch (brief.judged()) {
                case Wait(var reason, var _, var detail, var _) -> {
                    assertThat(reason).isIn(reasons);
                    assertThat(detail).isNotBlank();
                }
                case Bury(var code, var message, var _) -> {
                    assertThat(message).isNotBlank();
                    assertThat(code == brief.code()
                                    || brief.unknown() && code == ErrorCode.OUTCOME_UNKNOWN
                                    || brief.outcome() instanceof Interrupted && code == ErrorCode.DEADLINE_EXCEEDED)
                            .as(brief + " buried with " + code)
                            .isTrue();
                }
                case Complete(var answer) -> assertThat(brief.outcome()).isEqualTo(new Answered(answer));
                case Cancel _ ->
                    assertThat(brief.outcome())
                            .isInstanceOfSatisfying(
                                    Interrupted.class,
                                    stopped -> assertThat(stopped.why()).isEqualTo(Interruption.CANCEL));
                case HandBack(var why, var _) -> assertThat(why).isIn("drain", "lease_lost", "worker_lost");
                case FallBack _ -> fail("there is no other model: " + brief);
            }
        });
    }

    @Test
    void theSameIsJudgedTheSameAndChanceOnlyBringsAWaitForward() {
        Seeded.check("the same is judged the same and chance only brings a wait forward", CASES, random -> {
            Brief brief = brief(random);
            assertThat(brief.judged()).isEqualTo(brief.judged());
            Settlement unlucky = brief.by(0).judged();
            assertThat(kind(unlucky)).isEqualTo(kind(brief.judged()));
            if (brief.judged() instanceof Wait(var _, var until, var _, var _)) {
                assertThat(until).isBeforeOrEqualTo(((Wait) unlucky).until());
            }
        });
    }

    private static Brief brief(Random random) {
        int attempt = 1 + random.nextInt(6);
        return new Brief(
                outcome(random),
                policy(random, classes(random)),
                attempt,
                attempt + (random.nextInt(10) == 0 ? Integer.MAX_VALUE - 6 : random.nextInt(9)),
                random.nextBoolean(),
                now(random),
                random.nextInt(10) == 0 ? 0 : random.nextDouble());
    }

    private static AttemptOutcome outcome(Random random) {
        ErrorCode code = any(random, ErrorCode.values());
        Reply reply = reply(random);
        return switch (random.nextInt(6)) {
            case 0 -> new Answered(new Answer("{}", Usage.NONE, null, Duration.ZERO, reply));
            case 1 -> new Refused(code, "m", reply);
            case 2 -> new Throttled(code, "m", reply);
            case 3 -> new Broken(code, "m", reply);
            case 4 -> new Unknown(code, "m", reply);
            default -> new Interrupted(any(random, Interruption.values()), random.nextBoolean());
        };
    }

    private static AttemptOutcome failure(Random random) {
        ErrorCode code = any(
                random,
                ErrorCode.PROVIDER_UNAVAILABLE,
                ErrorCode.NETWORK_ERROR,
                ErrorCode.MODEL_TIMEOUT,
                ErrorCode.MALFORMED_RESPONSE,
                ErrorCode.WORKER_LOST);
        return random.nextBoolean() ? new Broken(code, "m", reply(random)) : new Unknown(code, "m", reply(random));
    }

    /// Up to an hour, which is the most that adapters hand on.
    private static Reply reply(Random random) {
        Duration asked = switch (random.nextInt(4)) {
            case 0 -> Duration.ZERO;
            case 1 -> Duration.ofMillis(random.nextInt(200));
            case 2 -> Duration.ofMillis(random.nextInt(3_600_001));
            default -> null;
        };
        return new Reply(random.nextBoolean() ? 0 : 100 + random.nextInt(500), null, asked, null);
    }

    private static RetryPolicy policy(Random random, Set<ErrorClass> retryOn) {
        return new RetryPolicy(
                1 + random.nextInt(6),
                delay(random),
                any(random, 1.0, 1.5, 2.0, 100.0, 1e300, Double.MAX_VALUE),
                delay(random),
                any(random, 0.0, 0.25, 0.5, 1.0),
                retryOn,
                any(random, AfterLast.values()));
    }

    private static Duration delay(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Duration.ZERO;
            case 1 -> Duration.ofNanos(random.nextInt(2_000_000));
            case 2 -> CENTURY;
            default -> Duration.ofMillis(random.nextInt(120_000));
        };
    }

    private static Set<ErrorClass> classes(Random random) {
        Set<ErrorClass> classes = EnumSet.noneOf(ErrorClass.class);
        for (ErrorClass errorClass : ErrorClass.values()) {
            if (random.nextBoolean()) {
                classes.add(errorClass);
            }
        }
        return random.nextBoolean() ? RetryPolicy.RETRYABLE : classes;
    }

    private static Instant now(Random random) {
        return Instant.parse("2026-11-20T12:00:00Z").plusMillis(random.nextInt());
    }

    @SafeVarargs
    private static <T> T any(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
