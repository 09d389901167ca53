package dev.longshore.worker.attempt;

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
import dev.longshore.job.JobStore.Claim;
import dev.longshore.job.Settlement;
import dev.longshore.job.Settlement.Bury;
import dev.longshore.job.Settlement.HandBack;
import dev.longshore.job.Verdict;
import dev.longshore.job.Verdict.Call;
import dev.longshore.job.WaitReason;
import dev.longshore.money.Usd;
import dev.longshore.retry.Judge;
import dev.longshore.retry.RetryPolicy;
import dev.longshore.retry.Standing;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Route;
import dev.longshore.worker.provider.Routes;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.provider.TokenSink;
import dev.longshore.worker.slots.RunningAttempts;
import dev.longshore.worker.slots.StopSign;
import dev.longshore.worker.throttle.Admission.Admitted;
import dev.longshore.worker.throttle.Admission.HeldBack;
import dev.longshore.worker.throttle.Load;
import dev.longshore.worker.throttle.Order;
import dev.longshore.worker.throttle.Permit;
import dev.longshore.worker.throttle.Throttle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Runs attempts: each a call, then a judgement, then the recording of it. What it holds between the
/// steps is only the claimed job.
public final class Attempts {
    private static final Logger LOG = Logger.getLogger(Attempts.class);

    /// Below this there is no use in starting a call that the deadline would cut off.
    private static final Duration SHORTEST_CALL = Duration.ofMillis(1);

    /// A call that gave up this close to the deadline was cut off by it: timers ring a little early or
    /// late, and the clock is set now and then.
    private static final Duration AT_THE_DEADLINE = Duration.ofMillis(50);

    private static final Settlement OUR_FAULT = new Bury(
            ErrorCode.INTERNAL, "Longshore failed while running this attempt; the log of the worker says more.", false);

    /// Where verdicts are taken down; see [Recorder#record].
    @FunctionalInterface
    public interface Recording {
        CompletionStage<Void> record(Verdict verdict);
    }

    private final Routes routes;
    private final Throttle throttle;
    private final Weighing weighing;
    private final CountCheck counts;
    private final Function<ClaimedJob, TokenSink> listeners;
    private final Policies policies;
    private final Recording recording;
    private final RunningAttempts running;
    private final AttemptMeter meter;
    private final InstantSource clock;
    private final DoubleSupplier chance;

    /// @param listeners makes whoever listens to what a job's call says
    /// @param clock as close to the database's as is known
    /// @param chance uniform in [0, 1), for jitter
    public Attempts(
            Routes routes,
            Throttle throttle,
            Weighing weighing,
            CountCheck counts,
            Function<ClaimedJob, TokenSink> listeners,
            Policies policies,
            Recording recording,
            RunningAttempts running,
            AttemptMeter meter,
            InstantSource clock,
            DoubleSupplier chance) {
        this.routes = routes;
        this.throttle = throttle;
        this.weighing = weighing;
        this.counts = counts;
        this.listeners = listeners;
        this.policies = policies;
        this.recording = recording;
        this.running = running;
        this.meter = meter;
        this.clock = clock;
        this.chance = chance;
    }

    /// Enters an attempt among the running ones, so that it can be stopped from now on.
    ///
    /// @return runs it: blocks until the call is over, so it is made for virtual threads; what it
    ///     returns completes when the outcome is in the database, or known not to be wanted there any
    ///     more
    public Supplier<CompletionStage<Void>> enter(ClaimedJob job) {
        Claim claim = new Claim(job.id(), job.epoch());
        StopSign stop = running.started(claim);
        if (job.cancelRequested()) {
            stop.raise(Interruption.CANCEL);
        }
        return () -> recording.record(verdictOf(job, stop)).whenComplete((_, _) -> running.ended(claim));
    }

    /// Gives a job back that was claimed without anybody's knowing, so that nothing was done for it.
    public void handBack(ClaimedJob job) {
        recording.record(new Verdict(job, new HandBack("claim_lost", false), null));
    }

    /// Judges a claim whose worker is gone: whether its call was made, and what came of it, nobody can
    /// tell any more.
    public Verdict lost(ClaimedJob job) {
        Route route = routes.of(job.model()).orElse(null);
        Unknown outcome = new Unknown(
                ErrorCode.WORKER_LOST,
                "The worker that ran this attempt is gone; what came of the call is unknown.",
                Reply.NONE);
        return new Verdict(job, judge(job, outcome), call(job, route, job.claimedAt(), outcome));
    }

    /// A bug of ours costs the job that met it, not the slot that it ran in.
    private Verdict verdictOf(ClaimedJob job, StopSign stop) {
        try {
            return attempt(job, stop);
        } catch (RuntimeException e) {
            LOG.errorf(e, "an attempt failed in a way that nobody thought of, its job is buried; job=%s", job.id());
            return new Verdict(job, OUR_FAULT, null);
        }
    }

    private Verdict attempt(ClaimedJob job, StopSign stop) {
        Route route = routes.of(job.model()).orElse(null);
        Interruption early = stop.reason();
        Instant startedAt = clock.instant();
        Duration left = Duration.between(startedAt, job.deadlineAt());
        if (early != null) {
            return new Verdict(job, judge(job, new Interrupted(early, false)), null);
        }
        if (left.compareTo(SHORTEST_CALL) < 0) {
            return new Verdict(job, judge(job, new Interrupted(Interruption.DEADLINE, false)), null);
        }
        if (route == null) {
            Refused refused = new Refused(
                    ErrorCode.UNKNOWN_MODEL,
                    "No provider serves the model '" + job.model() + "' any more.",
                    Reply.NONE);
            return new Verdict(job, judge(job, refused), null);
        }
        Operation operation = Operation.of(job.operation());
        Order order = order(job, route, operation);
        return switch (throttle.ask(order, stop)) {
            case HeldBack(var reason, var until, var detail) -> {
                Interruption stopped = stop.reason();
                yield stopped == null
                        ? heldBack(job, reason, until, detail)
                        : new Verdict(job, judge(job, new Interrupted(stopped, false)), null);
            }
            case Admitted(var permit) -> attempt(job, route, operation, permit, stop);
        };
    }

    private Order order(ClaimedJob job, Route route, Operation operation) {
        Load load = weighing.of(
                operation,
                route.model(),
                job.input(),
                throttle.countsTokens(route.provider(), job.model()),
                throttle.usualOutput(route.provider(), route.model()),
                route.maxOutputTokens());
        return new Order(route.provider(), route.model(), job.model(), job.lane(), load);
    }

    private Verdict heldBack(ClaimedJob job, WaitReason reason, Instant until, String detail) {
        meter.heldBack(reason);
        return new Verdict(job, Judge.heldBack(reason, until, detail, standing(job), clock.instant()), null);
    }

    private Verdict attempt(ClaimedJob job, Route route, Operation operation, Permit permit, StopSign stop) {
        Instant startedAt = clock.instant();
        Duration left = Duration.between(startedAt, job.deadlineAt());
        if (left.compareTo(SHORTEST_CALL) < 0) {
            throttle.unused(permit);
            return new Verdict(job, judge(job, new Interrupted(Interruption.DEADLINE, false)), null);
        }
        Ask ask = new Ask(
                operation,
                route.model(),
                job.input(),
                route.maxOutputTokens(),
                job.id().toString(),
                job.epoch(),
                permit.key());
        Duration patience = throttle.patience(
                permit.order(),
                job.timeouts(),
                route.leastPatience(),
                route.timeouts().attempt());
        Timeouts timeouts = route.timeouts().patientFor(patience).noLongerThan(left);
        long startedNanos = System.nanoTime();
        AttemptOutcome outcome = meter.timed(job, route.provider(), () -> call(route, ask, job, timeouts, stop));
        boolean otherKeys = throttle.ended(permit, outcome, Duration.ofNanos(System.nanoTime() - startedNanos));
        if (outcome instanceof Answered(var answer)) {
            counts.answered(job, route, answer);
        }
        Settlement settlement = judge(job, outcome, otherKeys);
        boolean called = !(outcome instanceof Interrupted(var _, var sent) && !sent) && reached(outcome);
        return new Verdict(job, settlement, called ? call(job, route, startedAt, outcome) : null);
    }

    private AttemptOutcome call(Route route, Ask ask, ClaimedJob job, Timeouts timeouts, StopSign stop) {
        AttemptOutcome outcome;
        try (TokenSink listener = listeners.apply(job)) {
            outcome = route.dialect().call(ask, timeouts, stop, listener);
        } catch (RuntimeException e) {
            LOG.errorf(
                    e, "a call failed in a way that nobody thought of; job=%s provider=%s", job.id(), route.provider());
            outcome = new Unknown(
                    ErrorCode.INTERNAL,
                    "Longshore failed while the provider was being called; the log of the worker says more.",
                    Reply.NONE);
        }
        // Silence is the provider's own failing as long as there is time for another attempt.
        boolean deadlineCutItOff = outcome instanceof Unknown(var code, var _, var _)
                && code == ErrorCode.MODEL_TIMEOUT
                && !clock.instant().plus(AT_THE_DEADLINE).isBefore(job.deadlineAt());
        return deadlineCutItOff ? new Interrupted(Interruption.DEADLINE, true) : outcome;
    }

    /// A connection that never came about was no call: the provider saw nothing, so no attempt row says
    /// that it did.
    private static boolean reached(AttemptOutcome outcome) {
        return !(outcome instanceof Broken(var code, var _, var reply)
                && code == ErrorCode.NETWORK_ERROR
                && reply.status() == 0);
    }

    private Settlement judge(ClaimedJob job, AttemptOutcome outcome) {
        return judge(job, outcome, false);
    }

    /// @param otherKeys whether the provider refused the key alone and has another
    private Settlement judge(ClaimedJob job, AttemptOutcome outcome, boolean otherKeys) {
        RetryPolicy policy;
        try {
            policy = policies.of(job);
        } catch (RuntimeException e) {
            // One such job must not keep the rescuer from all others, nor its attempt from being recorded.
            LOG.errorf(e, "a job's retry policy cannot be read, the job is buried; job=%s", job.id());
            return OUR_FAULT;
        }
        return otherKeys && outcome instanceof Refused(var _, var message, var _)
                ? Judge.withAnotherKey(message, policy, standing(job), clock.instant(), chance.getAsDouble())
                : Judge.judge(outcome, policy, standing(job), clock.instant(), chance.getAsDouble());
    }

    private Standing standing(ClaimedJob job) {
        return new Standing(
                job.attempt(),
                job.epoch(),
                job.failOnUnknown(),
                job.deadlineAt(),
                policies.mayFallBack(job) ? routes.onward(job.askedModel(), job.model()) : List.of());
    }

    private Call call(ClaimedJob job, @Nullable Route route, Instant startedAt, AttemptOutcome outcome) {
        Usage usage = outcome instanceof Answered(var answer)
                ? answer.usage()
                : Objects.requireNonNullElse(outcome.reply().spent(), Usage.NONE);
        return new Call(
                route == null ? "unknown" : route.provider(),
                job.model(),
                startedAt,
                clock.instant(),
                outcome,
                usage,
                route == null ? Usd.ZERO : route.price().of(usage),
                route == null ? Usd.ZERO : held(job, route, outcome));
    }

    /// What a call may have cost at most when nobody knows what came of it.
    private static Usd held(ClaimedJob job, Route route, AttemptOutcome outcome) {
        boolean unknown = switch (outcome) {
            case Unknown _ -> true;
            case Interrupted(var _, var sent) -> sent;
            case Answered _, Refused _, Throttled _, Broken _ -> false;
        };
        return unknown ? route.most(job.input().getBytes(StandardCharsets.UTF_8).length) : Usd.ZERO;
    }
}
