package dev.longshore.cli.job;

/// What became of a job, as far as those care who wait for its end.
public enum Standing {
    COMPLETE,
    FAILED,
    CANCELLED,
    /// It may still become any of the others.
    OPEN
}
