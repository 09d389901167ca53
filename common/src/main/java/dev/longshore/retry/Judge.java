package dev.longshore.retry;

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
import dev.longshore.job.Settlement;
import dev.longshore.job.Settlement.Bury;
import dev.longshore.job.Settlement.Cancel;
import dev.longshore.job.Settlement.Complete;
import dev.longshore.job.Settlement.HandBack;
import dev.longshore.job.Settlement.Wait;
import dev.longshore.job.WaitReason;
import java.time.Duration;
import java.time.Instant;

/// The one owner of retries: outcome × policy → settlement. Pure: what it decides depends on its arguments alone.
public final class Judge {
    /// A wait is never shorter than this, so that a provider which says "retry after 0" is not called in a
    /// circle.
    static final Duration SHORTEST_WAIT = Duration.ofMillis(50);

    private Judge() {}

    /// Decides what an attempt's ending does to its job.
    ///
    /// @param attempt charged attempts so far, this one included
    /// @param claims how often the job has been claimed, this time included; uncharged attempts back off by it
    /// @param failOnUnknown the job's policy: a call that may have been done and billed must not be made again
    /// @param chance uniform in [0, 1), for the jitter
    public static Settlement judge(
            AttemptOutcome outcome,
            RetryPolicy policy,
            int attempt,
            int claims,
            boolean failOnUnknown,
            Instant now,
            double chance) {
        return switch (outcome) {
            case Answered(var answer) -> new Complete(answer);
            case Refused(var code, var message, var _) -> new Bury(code, message, false);
            case Throttled(var code, var message, var reply) ->
                new Wait(
                        code == ErrorCode.PROVIDER_QUOTA_EXHAUSTED
                                ? WaitReason.PROVIDER_QUOTA
                                : WaitReason.RATE_LIMITED,
                        now.plus(waitFor(reply, policy.delayAfter(claims, chance))),
                        message,
                        false);
            case Broken(var code, var message, var reply) -> again(code, message, reply, policy, attempt, now, chance);
            case Unknown(var _, var message, var _)
            when failOnUnknown ->
                new Bury(ErrorCode.OUTCOME_UNKNOWN, message + " The job asks that such a call is not repeated.", false);
            case Unknown(var code, var message, var reply) -> again(code, message, reply, policy, attempt, now, chance);
            case Interrupted(var why, var sent) -> stopped(why, sent && failOnUnknown);
        };
    }

    private static Settlement stopped(Interruption why, boolean mayNotBeRepeated) {
        return switch (why) {
            case CANCEL -> new Cancel();
            case DEADLINE ->
                new Bury(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "The job's deadline passed while the provider was being called.",
                        false);
            case DRAIN, LEASE_LOST ->
                mayNotBeRepeated
                        ? new Bury(
                                ErrorCode.OUTCOME_UNKNOWN,
                                "The worker stopped while the provider was being called."
                                        + " The job asks that such a call is not repeated.",
                                false)
                        : new HandBack(why == Interruption.DRAIN ? "drain" : "lease_lost", false);
        };
    }

    private static Settlement again(
            ErrorCode code, String message, Reply reply, RetryPolicy policy, int attempt, Instant now, double chance) {
        boolean workerLost = code == ErrorCode.WORKER_LOST;
        if (!workerLost && !policy.retryOn().contains(code.errorClass())) {
            return new Bury(code, message, false);
        }
        if (attempt >= policy.maxAttempts()) {
            return new Bury(code, message, policy.afterLast() == RetryPolicy.AfterLast.DISCARD);
        }
        if (workerLost) {
            // It says nothing about the provider, so there is nothing to wait for.
            return new HandBack("worker_lost", true);
        }
        Duration delay = waitFor(reply, policy.delayAfter(attempt, chance));
        return new Wait(WaitReason.BACKOFF, now.plus(delay), code + ": " + message, true);
    }

    private static Duration waitFor(Reply reply, Duration ours) {
        Duration theirs = reply.retryAfter();
        Duration longer = theirs != null && theirs.compareTo(ours) > 0 ? theirs : ours;
        return longer.compareTo(SHORTEST_WAIT) > 0 ? longer : SHORTEST_WAIT;
    }
}
