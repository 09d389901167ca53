package dev.longshore.rig.receiver;

/// How a receiver answers.
public enum Mood {
    /// 200 at once.
    WELL,
    /// 200 after a while, but before anybody gives up.
    SLOW,
    /// Hears everything and never answers.
    SILENT,
    /// The head of a 200, and nothing after it.
    HANGING,
    /// 500.
    BROKEN,
    /// 410, for good.
    GONE,
    /// 429 with `Retry-After`.
    BUSY,
    /// 503 with `Retry-After`.
    AWAY,
    /// Each of the redirects in turn, to where nobody should be sent.
    REDIRECTING,
    /// A 200 whose body never ends.
    ENDLESS,
    /// Hears everything and breaks the connection.
    RESETTING
}
