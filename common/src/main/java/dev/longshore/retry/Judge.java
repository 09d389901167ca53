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
import dev.longshore.job.Settlement.FallBack;
import dev.longshore.job.Settlement.HandBack;
import dev.longshore.job.Settlement.Wait;
import dev.longshore.job.WaitReason;
import dev.longshore.retry.Standing.Onward;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The one owner of retries: outcome × policy → settlement. Pure: what it decides depends on its arguments alone.
public final class Judge {
    /// A wait is never shorter than this, so that a provider which says "retry after 0" is not called in a
    /// circle.
    static final Duration SHORTEST_WAIT = Duration.ofMillis(50);

    private Judge() {}

    /// Decides what an attempt's ending does to its job.
    ///
    /// @param chance uniform in [0, 1), for the jitter
    public static Settlement judge(
            AttemptOutcome outcome, RetryPolicy policy, Standing standing, Instant now, double chance) {
        return switch (outcome) {
            case Answered(var answer) -> new Complete(answer);
            case Refused(var code, var message, var _) -> refused(code, message, policy, standing);
            case Throttled(var code, var message, var reply) ->
                heldBack(
                        code == ErrorCode.PROVIDER_QUOTA_EXHAUSTED
                                ? WaitReason.PROVIDER_QUOTA
                                : WaitReason.RATE_LIMITED,
                        now.plus(waitFor(reply, policy.delayAfter(standing.claims(), chance))),
                        message,
                        standing,
                        now);
            case Broken(var code, var message, var reply) -> again(code, message, reply, policy, standing, now, chance);
            case Unknown(var _, var message, var _)
            when standing.failOnUnknown() ->
                new Bury(ErrorCode.OUTCOME_UNKNOWN, message + " The job asks that such a call is not repeated.", false);
            case Unknown(var code, var message, var reply) ->
                again(code, message, reply, policy, standing, now, chance);
            case Interrupted(var why, var sent) -> stopped(why, sent && standing.failOnUnknown());
        };
    }

    /// Decides about a job whose provider does not take it now: it waits, unless that would take too much of its life
    /// and there is another model to ask. The attempt is not charged either way.
    ///
    /// @param until when it is worth trying again
    public static Settlement heldBack(WaitReason reason, Instant until, String detail, Standing standing, Instant now) {
        return standing.onward().isEmpty() || standing.canWait(now, until)
                ? new Wait(reason, until, detail, false)
                : new FallBack(standing.onward().getFirst().model(), reason.word() + ": " + detail, false);
    }

    /// Decides about a job whose call failed for its key alone, while the provider has other keys: it is tried again
    /// with one of them. The job is not to blame, so the attempt is not charged; it waits as after a failure, and
    /// meanwhile all workers learn which key not to use.
    ///
    /// @param message what the provider said
    /// @param chance uniform in [0, 1), for the jitter
    public static Settlement withAnotherKey(
            String message, RetryPolicy policy, Standing standing, Instant now, double chance) {
        Duration delay = policy.delayAfter(standing.claims(), chance);
        Instant until = now.plus(delay.compareTo(SHORTEST_WAIT) > 0 ? delay : SHORTEST_WAIT);
        return new Wait(WaitReason.BACKOFF, until, ErrorCode.PROVIDER_AUTH_FAILED + ": " + message, false);
    }

    /// Another model may take what this one will not: its filter may be another, its context longer.
    private static Settlement refused(ErrorCode code, String message, RetryPolicy policy, Standing standing) {
        Optional<Onward> other = standing.attempt() >= policy.maxAttempts()
                ? Optional.empty()
                : switch (code) {
                    case CONTENT_FILTER_TRIGGERED, UNKNOWN_MODEL ->
                        standing.onward().stream().findFirst();
                    case CONTEXT_LENGTH_EXCEEDED, UNSUPPORTED_INPUT ->
                        standing.onward().stream().filter(Onward::takesMore).findFirst();
                    default -> Optional.empty();
                };
        return other.<Settlement>map(next -> new FallBack(next.model(), code + ": " + message, true))
                .orElseGet(() -> new Bury(code, message, false));
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
            ErrorCode code,
            String message,
            Reply reply,
            RetryPolicy policy,
            Standing standing,
            Instant now,
            double chance) {
        boolean workerLost = code == ErrorCode.WORKER_LOST;
        if (!workerLost && !policy.retryOn().contains(code.errorClass())) {
            return new Bury(code, message, false);
        }
        int left = policy.maxAttempts() - standing.attempt();
        if (left <= 0) {
            return new Bury(code, message, policy.afterLast() == RetryPolicy.AfterLast.DISCARD);
        }
        if (workerLost) {
            // It says nothing about the provider, so there is nothing to wait for.
            return new HandBack("worker_lost", true);
        }
        // The last attempts belong to the models further on, one to each.
        if (left <= standing.onward().size()) {
            return new FallBack(standing.onward().getFirst().model(), code + ": " + message, true);
        }
        Instant until = now.plus(waitFor(reply, policy.delayAfter(standing.attempt(), chance)));
        return new Wait(WaitReason.BACKOFF, until, code + ": " + message, true);
    }

    private static Duration waitFor(Reply reply, Duration ours) {
        Duration theirs = reply.retryAfter();
        Duration longer = theirs != null && theirs.compareTo(ours) > 0 ? theirs : ours;
        return longer.compareTo(SHORTEST_WAIT) > 0 ? longer : SHORTEST_WAIT;
    }
}
