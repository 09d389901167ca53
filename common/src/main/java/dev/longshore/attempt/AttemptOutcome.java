package dev.longshore.attempt;

/// How one attempt ended, as the provider adapter saw it. Closed, so that the judge cannot forget a way to end.
public sealed interface AttemptOutcome {
    Reply reply();

    /// The provider did what was asked.
    record Answered(Answer answer) implements AttemptOutcome {
        @Override
        public Reply reply() {
            return answer.reply();
        }
    }

    /// The request is wrong, forbidden or not wanted there: asking again cannot help.
    record Refused(ErrorCode code, String message, Reply reply) implements AttemptOutcome {}

    /// The provider asks us to come back later; the job is not to blame and the attempt is not charged.
    record Throttled(ErrorCode code, String message, Reply reply) implements AttemptOutcome {}

    /// The call failed, and we know that it did: an error status, nonsense, or a connection that never came
    /// about.
    record Broken(ErrorCode code, String message, Reply reply) implements AttemptOutcome {}

    /// The request was sent and no whole answer was seen: the provider may have done, and billed, the work.
    record Unknown(ErrorCode code, String message, Reply reply) implements AttemptOutcome {}

    /// We stopped it ourselves.
    ///
    /// @param sent whether the request may have left before we stopped
    record Interrupted(Interruption why, boolean sent) implements AttemptOutcome {
        @Override
        public Reply reply() {
            return Reply.NONE;
        }
    }

    /// Why we stop a call that is under way.
    enum Interruption {
        /// This worker is shutting down.
        DRAIN,
        /// The caller does not want the job any more.
        CANCEL,
        /// The job's whole life is over.
        DEADLINE,
        /// This worker could not renew its lease: the job may soon be somebody else's.
        LEASE_LOST
    }
}
