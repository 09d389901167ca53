package dev.longshore.rig.proof;

/// What a client asked for.
public enum Deed {
    /// A job.
    SUBMIT,
    /// Another job under a key that was used.
    SUBMIT_OTHER,
    /// How a job stands.
    LOOK,
    /// A job's events as they come.
    FOLLOW,
    /// The end of a job.
    CANCEL,
    /// A failed job once more.
    REPLAY,
    /// A delivery once more.
    REDELIVER,
    /// All deliveries once more that an endpoint has missed.
    RECOVER,
    /// Something that no server should take.
    NONSENSE
}
