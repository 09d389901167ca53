package dev.longshore.worker.provider;

import java.time.Duration;

/// How long each part of one call may take.
///
/// @param connect until there is a connection, TLS included
/// @param firstByte from sending the request to the head of the answer
/// @param idle between two pieces of the answer
/// @param attempt the whole call
public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration attempt) {
    /// The same, but for a call that must be over sooner.
    public Timeouts noLongerThan(Duration whole) {
        return attempt.compareTo(whole) <= 0 ? this : new Timeouts(connect, firstByte, idle, whole);
    }
}
