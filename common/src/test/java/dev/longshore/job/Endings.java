package dev.longshore.job;

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
import dev.longshore.job.Settlement.Bury;
import dev.longshore.job.Settlement.Cancel;
import dev.longshore.job.Settlement.Complete;
import dev.longshore.job.Settlement.HandBack;
import dev.longshore.job.Settlement.Wait;
import dev.longshore.job.Verdict.Call;
import dev.longshore.money.Usd;
import dev.longshore.retry.Judge;
import dev.longshore.retry.RetryPolicy;
import dev.longshore.retry.Standing;
import java.time.Duration;
import java.util.List;

/// The verdicts that tests pass on claims, each with the call that would lead to it.
public final class Endings {
    public static final Usage USAGE = new Usage(10, 4, 6);
    public static final Usd COST = new Usd(1_000);
    public static final Usd HELD = new Usd(7_000);
    public static final String RESULT = "{\"choices\":[]}";

    private Endings() {}

    public static Verdict complete(ClaimedJob job) {
        Answer answer = new Answer(
                RESULT, USAGE, "m-2026", Duration.ofMillis(120), new Reply(200, "req-1", null, Duration.ofMillis(30)));
        return new Verdict(job, new Complete(answer), call(job, new Answered(answer), USAGE, COST, Usd.ZERO));
    }

    public static Verdict bury(ClaimedJob job) {
        return bury(job, false);
    }

    public static Verdict bury(ClaimedJob job, boolean discard) {
        Refused refused = new Refused(ErrorCode.UNKNOWN_MODEL, "no such model", new Reply(404, "req-2", null, null));
        return new Verdict(
                job,
                new Bury(refused.code(), refused.message(), discard),
                call(job, refused, Usage.NONE, Usd.ZERO, Usd.ZERO));
    }

    /// A failure that is tried again after a backoff, and counts.
    public static Verdict backOff(ClaimedJob job, Duration wait) {
        Broken broken = new Broken(ErrorCode.PROVIDER_UNAVAILABLE, "overloaded", new Reply(503, null, null, null));
        return new Verdict(
                job,
                new Wait(WaitReason.BACKOFF, job.claimedAt().plus(wait), "overloaded", true),
                call(job, broken, Usage.NONE, COST, Usd.ZERO));
    }

    /// The provider asked us to come back later; the attempt does not count.
    public static Verdict throttled(ClaimedJob job, Duration wait) {
        Throttled throttled = new Throttled(
                ErrorCode.PROVIDER_RATE_LIMITED, "slow down", new Reply(429, null, Duration.ofSeconds(3), null));
        return new Verdict(
                job,
                new Wait(WaitReason.RATE_LIMITED, job.claimedAt().plus(wait), "slow down", false),
                call(job, throttled, Usage.NONE, Usd.ZERO, Usd.ZERO));
    }

    /// No call was made because none was allowed; nothing counts.
    public static Verdict heldUp(ClaimedJob job, WaitReason reason, Duration wait) {
        return new Verdict(job, new Wait(reason, job.claimedAt().plus(wait), "no permit", false), null);
    }

    /// Our own shutdown, before anything was sent.
    public static Verdict handBack(ClaimedJob job) {
        return new Verdict(job, new HandBack("drain", false), null);
    }

    /// The rescuer's verdict on a dead worker's job: the call may have been done.
    public static Verdict rescue(ClaimedJob job) {
        Unknown unknown = new Unknown(ErrorCode.WORKER_LOST, "its worker was lost", Reply.NONE);
        return new Verdict(job, new HandBack("worker_lost", true), call(job, unknown, Usage.NONE, Usd.ZERO, HELD));
    }

    public static Verdict cancel(ClaimedJob job) {
        return new Verdict(
                job,
                new Cancel(),
                call(job, new Interrupted(Interruption.CANCEL, true), Usage.NONE, Usd.ZERO, Usd.ZERO));
    }

    /// Cancelled before anything was sent.
    public static Verdict cancelUnsent(ClaimedJob job) {
        return new Verdict(job, new Cancel(), null);
    }

    /// The deadline passed before anything was sent.
    public static Verdict buryUnsent(ClaimedJob job) {
        return new Verdict(job, new Bury(ErrorCode.DEADLINE_EXCEEDED, "too late to start", false), null);
    }

    /// The answer was lost, and the job asks that such a call is not repeated.
    public static Verdict buryUnknown(ClaimedJob job) {
        Unknown unknown = new Unknown(ErrorCode.NETWORK_ERROR, "the connection broke", Reply.NONE);
        return new Verdict(
                job,
                new Bury(ErrorCode.OUTCOME_UNKNOWN, "not to be repeated", false),
                call(job, unknown, Usage.NONE, Usd.ZERO, HELD));
    }

    /// Our own shutdown in the middle of a call: the provider may have done the work.
    public static Verdict drained(ClaimedJob job) {
        return new Verdict(
                job,
                new HandBack("drain", false),
                call(job, new Interrupted(Interruption.DRAIN, true), Usage.NONE, Usd.ZERO, HELD));
    }

    /// What the judge makes of a lost answer, or of a lost worker.
    public static Verdict judgedUnknown(ClaimedJob job, ErrorCode code) {
        Unknown unknown = new Unknown(code, "silence", Reply.NONE);
        RetryPolicy policy = new RetryPolicy(
                job.maxAttempts(),
                Duration.ofHours(1),
                2,
                Duration.ofHours(2),
                0,
                RetryPolicy.RETRYABLE,
                RetryPolicy.AfterLast.DEAD_LETTER);
        Settlement settlement = Judge.judge(
                unknown,
                policy,
                new Standing(job.attempt(), job.epoch(), job.failOnUnknown(), job.deadlineAt(), List.of()),
                job.claimedAt(),
                0);
        return new Verdict(job, settlement, call(job, unknown, Usage.NONE, Usd.ZERO, HELD));
    }

    private static Call call(ClaimedJob job, AttemptOutcome outcome, Usage usage, Usd cost, Usd held) {
        return new Call(
                "paper",
                "paper-m",
                job.claimedAt(),
                job.claimedAt().plus(Duration.ofMillis(150)),
                outcome,
                usage,
                cost,
                held);
    }
}
