package dev.longshore.api.watch;

import java.util.Locale;

/// What readers are told, by the names that they know.
enum EventKind {
    /// The job took on a status.
    STATUS,
    /// How far it is.
    PROGRESS,
    /// A piece of what its call says.
    TOKEN,
    /// The pieces of an attempt count for nothing any more.
    RESET,
    /// The job, over, with its result.
    RESULT,
    /// There is no more.
    DONE;

    private final String word = name().toLowerCase(Locale.ROOT);

    String word() {
        return word;
    }
}
