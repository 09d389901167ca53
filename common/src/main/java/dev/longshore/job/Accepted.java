package dev.longshore.job;

/// What became of one [NewJob]. Closed, because the caller's answer differs for each.
public sealed interface Accepted {
    /// The job is in the database for good.
    ///
    /// @param dispatched whether the caller of [JobStore#accept] must now put its ticket on the lane; also true
    ///     for a job that an earlier call had written already, because its ticket may never have been sent
    /// @param waits whether it waits for its time; a time that had come when the job was written makes none wait
    record Fresh(JobId id, boolean dispatched, boolean waits) implements Accepted {}

    /// The key made this job before, from the same request.
    record Replayed(JobId original) implements Accepted {}

    /// The key was used before for another request.
    record KeyReused(JobId original) implements Accepted {}
}
