package dev.longshore.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobId;
import dev.longshore.job.Settlement;
import dev.longshore.job.Settlement.Bury;
import dev.longshore.job.Settlement.Cancel;
import dev.longshore.job.Settlement.Complete;
import dev.longshore.job.Settlement.FallBack;
import dev.longshore.job.Settlement.HandBack;
import dev.longshore.job.Settlement.Wait;
import dev.longshore.job.Verdict;
import dev.longshore.job.Verdict.Call;
import dev.longshore.lane.Lane;
import dev.longshore.money.Price;
import dev.longshore.money.Usd;
import dev.longshore.provider.ProviderBoard;
import dev.longshore.retry.RetryPolicy;
import dev.longshore.retry.RetryPolicy.AfterLast;
import dev.longshore.testing.chance.Seeded;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Dialect;
import dev.longshore.worker.provider.Route;
import dev.longshore.worker.provider.Routes;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.provider.TokenSink;
import dev.longshore.worker.slots.RunningAttempts;
import dev.longshore.worker.slots.StopSign;
import dev.longshore.worker.throttle.BreakerPolicy;
import dev.longshore.worker.throttle.Served;
import dev.longshore.worker.throttle.Served.ServedModel;
import dev.longshore.worker.throttle.Throttle;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/// What holds of every verdict, whatever a provider did, whatever the state of the job when the attempt
/// began: what the provider saw is on record and nothing else, what it may have cost is held, and the
/// settlement is the contract's.
class VerdictPropertiesTest {
    private static final int CASES = 2_000;
    private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
    private static final Duration AT_THE_DEADLINE = Duration.ofMillis(50);
    private static final int MOST_OUTPUT = 1_000;

    /// Meters know their own by their outcomes and providers, so one registry serves all cases.
    private final AttemptMeter meter = new AttemptMeter(new SimpleMeterRegistry());

    /// Bugs are thrown at it by the thousand, and each would be told with its stack.
    private final Logger log = Logger.getLogger(Attempts.class.getName());

    @BeforeEach
    void hush() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void speakAgain() {
        log.setLevel(null);
    }

    /// A provider that does what the case says and remembers what it was asked.
    private static final class Paper implements Dialect {
        private final AttemptOutcome outcome;
        private final boolean throwing;
        private final Duration takes;
        private Instant clock = START;
        private @Nullable Timeouts asked;

        private Paper(AttemptOutcome outcome, boolean throwing, Duration takes) {
            this.outcome = outcome;
            this.throwing = throwing;
            this.takes = takes;
        }

        @Override
        public AttemptOutcome call(Ask ask, Timeouts timeouts, StopSign stop, TokenSink tokens) {
            asked = timeouts;
            clock = clock.plus(takes);
            if (throwing) {
                throw new IllegalStateException("a bug in an adapter");
            }
            return outcome;
        }
    }

    private record Case(
            ClaimedJob job,
            Paper paper,
            Price price,
            boolean routed,
            boolean readable,
            @Nullable Interruption stopped,
            RetryPolicy policy) {

        /// Why the attempt ends before it begins; null when it does not. The first reason counts.
        @Nullable
        Interruption early() {
            return job.cancelRequested() ? Interruption.CANCEL : stopped;
        }

        /// Whether a call may be made at all.
        boolean callable() {
            return early() == null
                    && routed
                    && Duration.between(START, job.deadlineAt()).toMillis() >= 1;
        }

        /// How the call ends as the judge must see it; null when none may be made.
        @Nullable
        AttemptOutcome ending() {
            if (!callable()) {
                return null;
            }
            if (paper.throwing) {
                return new Unknown(ErrorCode.INTERNAL, "a bug", Reply.NONE);
            }
            Instant end = START.plus(paper.takes);
            return paper.outcome instanceof Unknown(var code, var _, var _)
                            && code == ErrorCode.MODEL_TIMEOUT
                            && !end.plus(AT_THE_DEADLINE).isBefore(job.deadlineAt())
                    ? new Interrupted(Interruption.DEADLINE, true)
                    : paper.outcome;
        }

        /// Whether the provider saw anything.
        boolean seen() {
            return switch (ending()) {
                case null -> false;
                case Interrupted(var _, var sent) -> sent;
                case Broken(var code, var _, var reply) -> code != ErrorCode.NETWORK_ERROR || reply.status() != 0;
                case Answered _, Refused _, Throttled _, Unknown _ -> true;
            };
        }
    }

    private Attempts attempts(Case one, RunningAttempts running, List<Verdict> recorded) {
        Route route = new Route(
                "paper",
                "paper-m",
                one.paper(),
                new Timeouts(
                        Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(300)),
                Duration.ofSeconds(300),
                one.price(),
                Integer.MAX_VALUE,
                MOST_OUTPUT);
        return new Attempts(
                new Routes(one.routed() ? Map.of("sim-small", route) : Map.of(), Map.of()),
                open(one),
                new Weighing(new ObjectMapper(), new TokenCounter()),
                new CountCheck(new TokenCounter(), new ObjectMapper(), () -> 0),
                _ -> TokenSink.NONE,
                new Policies(Map.of(Lane.STANDARD, one.policy()), new ObjectMapper()),
                verdict -> {
                    recorded.add(verdict);
                    return CompletableFuture.completedStage(null);
                },
                running,
                meter,
                () -> one.paper().clock,
                () -> 0.5);
    }

    /// A throttle that lets everything through, so that it never looks at its board.
    private static Throttle open(Case one) {
        DataSource none = new PGSimpleDataSource();
        return new Throttle(
                List.of(new Served(
                        "paper",
                        1,
                        List.of(),
                        List.of(new ServedModel("sim-small", "paper-m")),
                        new BreakerPolicy(
                                5, 0.5, Duration.ofSeconds(60), 20, Duration.ofSeconds(60), Duration.ofSeconds(15)))),
                Map.of(),
                Duration.ofSeconds(20),
                new ProviderBoard(none),
                () -> 1,
                () -> one.paper().clock,
                System::nanoTime,
                () -> 0.5);
    }

    /// Runs the attempt, from entering it to what is to be recorded of it.
    private Verdict verdict(Case one) {
        RunningAttempts running = new RunningAttempts();
        List<Verdict> recorded = new ArrayList<>();
        Supplier<CompletionStage<Void>> entered =
                attempts(one, running, recorded).enter(one.job());
        if (one.stopped() != null) {
            running.stopAll(one.stopped());
        }
        assertThat(entered.get()).isCompleted();
        assertThat(running.count()).as("running when all is recorded").isZero();
        assertThat(recorded).hasSize(1);
        return recorded.getFirst();
    }

    @Test
    void whatTheProviderSawIsOnRecordAndNothingElse() {
        Seeded.check("what the provider saw is on record and nothing else", CASES, random -> {
            Case one = some(random);
            Verdict verdict = verdict(one);

            assertThat(verdict.call() != null).as(one.toString()).isEqualTo(one.seen());
            assertThat(one.paper().asked != null).as(one.toString()).isEqualTo(one.callable());
        });
    }

    @Test
    void noCallIsGivenMoreTimeThanItsJobHasLeft() {
        Seeded.check("no call is given more time than its job has left", CASES, random -> {
            Case one = some(random);
            verdict(one);
            if (one.paper().asked != null) {
                assertThat(one.paper().asked.attempt())
                        .isPositive()
                        .isLessThanOrEqualTo(Duration.between(START, one.job().deadlineAt()));
            }
        });
    }

    @Test
    void anAnswerCostsItsTokensAndSoDoesWhatWasBegunAndALostAnswerHoldsTheMostItMayHaveCost() {
        Seeded.check("an answer costs its tokens and a lost answer holds the most it may have cost", CASES, random -> {
            Case one = some(random);
            Call call = verdict(one).call();
            if (call == null) {
                return;
            }
            boolean lost = one.ending() instanceof Unknown || one.ending() instanceof Interrupted;
            int bytes = one.job().input().getBytes(StandardCharsets.UTF_8).length;
            Usage used = one.ending() instanceof Answered(var answer)
                    ? answer.usage()
                    : Objects.requireNonNullElse(one.ending().reply().spent(), Usage.NONE);
            assertThat(call.usage()).isEqualTo(used);
            assertThat(call.cost()).isEqualTo(one.price().of(used)).isGreaterThanOrEqualTo(Usd.ZERO);
            assertThat(call.held())
                    .isEqualTo(lost ? one.price().of(new Usage(bytes, 0, MOST_OUTPUT)) : Usd.ZERO)
                    .isGreaterThanOrEqualTo(Usd.ZERO);
            assertThat(call.endedAt()).isAfterOrEqualTo(call.startedAt());
        });
    }

    @Test
    void theSettlementIsTheContracts() {
        Seeded.check("the settlement is the contract's", CASES, random -> {
            Case one = some(random);
            assertThat(kind(verdict(one).settlement())).as(one.toString()).isEqualTo(expected(one));
        });
    }

    @Test
    void aLostWorkersJobIsChargedAndRepeatedOnlyIfItMayBe() {
        Seeded.check("a lost worker's job is charged and repeated only if it may be", CASES, random -> {
            Case one = some(random);
            Verdict verdict =
                    attempts(one, new RunningAttempts(), new ArrayList<>()).lost(one.job());

            assertThat(verdict.settlement().charged()).isTrue();
            assertThat(verdict.call()).isNotNull();
            assertThat(verdict.call().cost()).isEqualTo(Usd.ZERO);
            assertThat(verdict.call().held().compareTo(Usd.ZERO) > 0)
                    .isEqualTo(one.routed() && !one.price().equals(Price.FREE));
            assertThat(kind(verdict.settlement()))
                    .as(one.toString())
                    .isEqualTo(
                            !one.readable()
                                    ? "bury INTERNAL"
                                    : one.job().failOnUnknown()
                                            ? "bury OUTCOME_UNKNOWN"
                                            : last(one) ? buried(one, ErrorCode.WORKER_LOST) : "hand back charged");
        });
    }

    @Test
    void theSameAttemptHasTheSameVerdict() {
        Seeded.check("the same attempt has the same verdict", CASES, random -> {
            long seed = random.nextLong();
            assertThat(verdict(some(new Random(seed)))).isEqualTo(verdict(some(new Random(seed))));
        });
    }

    /// The contract's table, for an attempt from its beginning.
    private static String expected(Case one) {
        if (!one.readable()) {
            return "bury INTERNAL";
        }
        boolean forbidden = one.job().failOnUnknown();
        if (one.early() != null) {
            return stopped(one.early(), false);
        }
        if (Duration.between(START, one.job().deadlineAt()).toMillis() < 1) {
            return "bury DEADLINE_EXCEEDED";
        }
        if (!one.routed()) {
            return "bury UNKNOWN_MODEL";
        }
        return switch (one.ending()) {
            case null -> throw new AssertionError("a call can be made");
            case Answered _ -> "complete";
            case Refused(var code, var _, var _) -> "bury " + code;
            case Throttled(var code, var _, var _) ->
                code == ErrorCode.PROVIDER_QUOTA_EXHAUSTED ? "wait provider_quota free" : "wait rate_limited free";
            case Broken(var code, var _, var _) -> failed(one, code);
            case Unknown(var code, var _, var _) -> forbidden ? "bury OUTCOME_UNKNOWN" : failed(one, code);
            case Interrupted(var why, var sent) -> stopped(why, sent && forbidden);
        };
    }

    private static String stopped(Interruption why, boolean forbidden) {
        return switch (why) {
            case CANCEL -> "cancel";
            case DEADLINE -> "bury DEADLINE_EXCEEDED";
            case DRAIN, LEASE_LOST -> forbidden ? "bury OUTCOME_UNKNOWN" : "hand back free";
        };
    }

    private static String failed(Case one, ErrorCode code) {
        return switch (code) {
            case PROVIDER_UNAVAILABLE, NETWORK_ERROR, MODEL_TIMEOUT, MALFORMED_RESPONSE ->
                last(one) ? buried(one, code) : "wait backoff charged";
            default -> "bury " + code;
        };
    }

    private static boolean last(Case one) {
        return one.job().attempt() >= one.job().maxAttempts();
    }

    private static String buried(Case one, ErrorCode code) {
        return (one.policy().afterLast() == AfterLast.DISCARD ? "bury and discard " : "bury ") + code;
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

    private static Case some(Random random) {
        boolean readable = random.nextInt(10) > 0;
        Duration left = any(
                random,
                Duration.ZERO,
                Duration.ofMillis(-1),
                Duration.ofNanos(500_000),
                Duration.ofMillis(1),
                Duration.ofMillis(120),
                Duration.ofSeconds(20),
                Duration.ofHours(1));
        int max = 1 + random.nextInt(4);
        ClaimedJob job = new ClaimedJob(
                new JobId(new UUID(0x7000, 0x8000_0000_0000_0001L)),
                1 + random.nextInt(9),
                1,
                1,
                Lane.STANDARD,
                1 + random.nextInt(max),
                max,
                START.minusMillis(random.nextInt(100)),
                START.plus(left),
                random.nextBoolean(),
                random.nextInt(12) == 0,
                0,
                0,
                "chat",
                "sim-small",
                "sim-small",
                any(random, "{}", "{\"model\":\"sim-small\",\"messages\":[]}", "\"\u00e4\ud83d\ude00\""),
                readable ? null : "{\"retry\":",
                null);
        // The lane's; the number of attempts is the job's own.
        RetryPolicy policy = new RetryPolicy(
                5,
                Duration.ofMillis(random.nextInt(2_000)),
                2,
                Duration.ofSeconds(60),
                0.5,
                RetryPolicy.RETRYABLE,
                any(random, AfterLast.values()));
        Paper paper = new Paper(outcome(random), random.nextInt(12) == 0, Duration.ofMillis(random.nextInt(160)));
        return new Case(
                job,
                paper,
                any(random, Price.FREE, price("0.15", "0.075", "0.60"), price("1000000", "1000000", "1000000")),
                random.nextInt(10) > 0,
                readable,
                random.nextInt(5) == 0 ? any(random, Interruption.values()) : null,
                policy);
    }

    private static Price price(String input, String cached, String output) {
        return new Price(new BigDecimal(input), new BigDecimal(cached), new BigDecimal(output));
    }

    /// As adapters tell them: each kind with the codes that belong to it.
    private static AttemptOutcome outcome(Random random) {
        Reply reply = new Reply(
                any(random, 0, 200, 400, 429, 500, 503),
                null,
                random.nextBoolean() ? null : Duration.ofMillis(random.nextInt(10_000)),
                null);
        Reply begun = random.nextBoolean() ? reply : reply.spending(new Usage(random.nextInt(999), 0, 7));
        return switch (random.nextInt(6)) {
            case 0 -> {
                int input = random.nextInt(100_000);
                yield new Answered(new Answer(
                        "{}",
                        new Usage(input, random.nextInt(input + 1), random.nextInt(100_000)),
                        null,
                        Duration.ZERO,
                        reply));
            }
            case 1 ->
                new Refused(
                        any(
                                random,
                                ErrorCode.INVALID_REQUEST,
                                ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                                ErrorCode.UNKNOWN_MODEL,
                                ErrorCode.PROVIDER_AUTH_FAILED,
                                ErrorCode.CONTENT_FILTER_TRIGGERED),
                        "m",
                        begun);
            case 2 ->
                new Throttled(
                        any(random, ErrorCode.PROVIDER_RATE_LIMITED, ErrorCode.PROVIDER_QUOTA_EXHAUSTED), "m", begun);
            case 3 -> new Broken(failure(random), "m", begun);
            case 4 -> new Unknown(failure(random), "m", Reply.NONE);
            default -> new Interrupted(any(random, Interruption.values()), random.nextBoolean());
        };
    }

    private static ErrorCode failure(Random random) {
        return any(
                random,
                ErrorCode.PROVIDER_UNAVAILABLE,
                ErrorCode.NETWORK_ERROR,
                ErrorCode.MODEL_TIMEOUT,
                ErrorCode.MALFORMED_RESPONSE,
                ErrorCode.OUTPUT_VALIDATION_FAILED,
                ErrorCode.INTERNAL);
    }

    @SafeVarargs
    private static <T> T any(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }
}
