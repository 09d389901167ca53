package dev.longshore.job;

import dev.longshore.attempt.Answer;
import dev.longshore.attempt.ErrorCode;
import java.time.Instant;

/// What an attempt's ending does to its job. Each case is one guarded statement of [JobStore]. Closed, so
/// that none is forgotten there.
public sealed interface Settlement {
    /// Whether the attempt counts against the job's attempts.
    boolean charged();

    /// The job has its result.
    record Complete(Answer answer) implements Settlement {
        @Override
        public boolean charged() {
            return true;
        }
    }

    /// Stop trying: the job fails and becomes a dead letter, or is forgotten at once where its policy says so.
    record Bury(ErrorCode code, String message, boolean discard) implements Settlement {
        @Override
        public boolean charged() {
            return true;
        }
    }

    /// Leave the road and come back at a time, with the reason kept beside the state.
    record Wait(WaitReason reason, Instant until, String detail, boolean charged) implements Settlement {}

    /// Ask another model, as soon as a slot is free: the next one of the job's route.
    ///
    /// @param model the name that callers use for it
    /// @param why what was wrong with the one before
    record FallBack(String model, String why, boolean charged) implements Settlement {}

    /// Somebody asked for an end, and this is it.
    record Cancel() implements Settlement {
        @Override
        public boolean charged() {
            return true;
        }
    }

    /// Back to the queue, to run as soon as a slot is free: uncharged at our own shutdown, charged when its
    /// worker was lost.
    record HandBack(String why, boolean charged) implements Settlement {}
}
