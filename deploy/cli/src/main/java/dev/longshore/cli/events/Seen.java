package dev.longshore.cli.events;

import java.time.Duration;

/// What whoever follows a job sees next.
public sealed interface Seen {
    /// An event.
    record Happened(Frame frame, Event event) implements Seen {}

    /// Nothing, for as long as was waited.
    record Nothing() implements Seen {}

    /// The connection was lost; it is tried again after this time.
    record Lost(String why, Duration again) implements Seen {}

    /// There is a connection again.
    record Back() implements Seen {}
}
