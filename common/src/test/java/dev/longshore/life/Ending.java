package dev.longshore.life;

import dev.longshore.attempt.ErrorCode;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.Endings;
import dev.longshore.job.Verdict;
import dev.longshore.job.WaitReason;
import java.time.Duration;
import java.util.function.Function;

/// Every kind of verdict that can be spoken on a claim: each settlement, with and without a call behind it.
enum Ending {
    COMPLETE(Endings::complete),
    BURY(Endings::bury),
    BURY_AND_DISCARD(job -> Endings.bury(job, true)),
    BURY_UNSENT(Endings::buryUnsent),
    BURY_UNKNOWN(Endings::buryUnknown),
    BACK_OFF(job -> Endings.backOff(job, Duration.ofHours(1))),
    /// Its time has come already.
    BACK_OFF_NO_LONGER(job -> Endings.backOff(job, Duration.ofMinutes(-10))),
    /// Longer than the job may live.
    BACK_OFF_BEYOND(job -> Endings.backOff(job, Duration.ofDays(30))),
    THROTTLED(job -> Endings.throttled(job, Duration.ofHours(1))),
    HELD_UP(job -> Endings.heldUp(job, WaitReason.CONCURRENCY, Duration.ofHours(1))),
    HAND_BACK(Endings::handBack),
    DRAINED(Endings::drained),
    RESCUE(Endings::rescue),
    CANCEL(Endings::cancel),
    CANCEL_UNSENT(Endings::cancelUnsent),
    /// Whatever the judge says of an answer that was lost.
    JUDGED_UNKNOWN(job -> Endings.judgedUnknown(job, ErrorCode.NETWORK_ERROR)),
    /// Whatever the judge says of a worker that was lost.
    JUDGED_LOST(job -> Endings.judgedUnknown(job, ErrorCode.WORKER_LOST));

    private final Function<ClaimedJob, Verdict> verdict;

    Ending(Function<ClaimedJob, Verdict> verdict) {
        this.verdict = verdict;
    }

    Verdict on(ClaimedJob job) {
        return verdict.apply(job);
    }
}
