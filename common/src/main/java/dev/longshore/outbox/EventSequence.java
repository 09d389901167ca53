package dev.longshore.outbox;

import dev.longshore.job.JobStatus;

/// The numbers of a job's events: later events have higher numbers, each number stands for one event, and anybody who
/// knows the job's story can work them out again. Nothing counts them, so nothing has to be written for them.
///
/// Every claim of a job has [#SPAN] numbers of its own, beginning with that of the claim. What is said while the
/// claim's call runs comes next, then whatever the claim led to. Within one claim a job can wait, be queued again
/// and end, in that order and each once; a replay begins where another claim would.
public final class EventSequence {
    /// How many numbers a claim has.
    public static final int SPAN = 100_000;

    /// How many tokens and steps of progress can be told of one claim. A call of the longest allowed time that says
    /// something every few milliseconds stays below.
    public static final int MOST_SAID = 90_000;

    /// No event has a higher number.
    public static final long LAST = (long) Integer.MAX_VALUE * SPAN + SPAN - 1;

    private static final int RESET = MOST_SAID + 1;
    private static final int WAITING = MOST_SAID + 2;
    private static final int QUEUED = MOST_SAID + 3;
    private static final int ENDED = MOST_SAID + 4;
    private static final int RESULT = MOST_SAID + 5;
    private static final int DONE = MOST_SAID + 6;

    private EventSequence() {}

    /// The number of a change of status.
    ///
    /// @param epoch of the last claim before it, or of the change if it is a claim
    public static long of(int epoch, JobStatus status) {
        return switch (status) {
            case PROCESSING -> first(epoch);
            case WAITING, AWAITING_REVIEW -> first(epoch) + WAITING;
            case QUEUED -> first(epoch) + QUEUED;
            case COMPLETE, FAILED, CANCELLED -> first(epoch) + ENDED;
        };
    }

    /// The number of what the running call of a claim says.
    ///
    /// @param count from 1 to [#MOST_SAID]
    public static long said(int epoch, int count) {
        if (count < 1 || count > MOST_SAID) {
            throw new IllegalArgumentException("no number for what is said: " + count);
        }
        return first(epoch) + count;
    }

    /// The number of the event that takes back all that the call of a claim has said.
    public static long reset(int epoch) {
        return first(epoch) + RESET;
    }

    /// The number of the event that holds the job with its result.
    public static long result(int epoch) {
        return first(epoch) + RESULT;
    }

    /// The number of the event after which there are no more, unless the job is replayed.
    public static long done(int epoch) {
        return first(epoch) + DONE;
    }

    /// The claim that an event belongs to.
    public static int epoch(long number) {
        return Math.toIntExact(number / SPAN);
    }

    /// Which piece of what the call of its claim said the event is; 0 for the claim itself.
    ///
    /// @param number of such an event
    public static int count(long number) {
        return (int) (number % SPAN);
    }

    /// Whether the event is something that a running call said.
    public static boolean isSaid(long number) {
        long place = number % SPAN;
        return place >= 1 && place <= MOST_SAID;
    }

    private static long first(int epoch) {
        return (long) epoch * SPAN;
    }
}
