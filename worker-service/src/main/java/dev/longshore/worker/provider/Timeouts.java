package dev.longshore.worker.provider;

import java.time.Duration;

/// How long each part of one call may take.
///
/// @param connect until there is a connection, TLS included
/// @param firstByte from sending the request to the head of the answer
/// @param idle between two pieces of the answer
/// @param attempt the whole call
public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration attempt) {
    /// The same, but for calls that are known to be quicker: silence is taken for a failure after that.
    public Timeouts patientFor(Duration patience) {
        return new Timeouts(
                connect,
                firstByte.compareTo(patience) <= 0 ? firstByte : patience,
                idle,
                attempt.compareTo(patience) <= 0 ? attempt : patience);
    }

    /// The same, but for a call that must be over sooner.
    public Timeouts noLongerThan(Duration whole) {
        return attempt.compareTo(whole) <= 0 ? this : new Timeouts(connect, firstByte, idle, whole);
    }
}
