package dev.longshore.job;

import java.util.Locale;
import java.util.Optional;

/// The states of a job. The database holds the same list; `common/README.md` draws the arrows between them.
public enum JobStatus {
    WAITING,
    QUEUED,
    PROCESSING,
    AWAITING_REVIEW,
    COMPLETE,
    FAILED,
    CANCELLED;

    private static final JobStatus[] ALL = values();

    private final String word = name().toLowerCase(Locale.ROOT);

    /// The status as clients and the database spell it.
    public String word() {
        return word;
    }

    /// Whether the job is over. Only a failed job can leave a terminal state, by replay.
    public boolean terminal() {
        return switch (this) {
            case COMPLETE, FAILED, CANCELLED -> true;
            case WAITING, QUEUED, PROCESSING, AWAITING_REVIEW -> false;
        };
    }

    public static Optional<JobStatus> of(String word) {
        for (JobStatus status : ALL) {
            if (status.word.equals(word)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
