package dev.longshore.cli.follow;

import dev.longshore.cli.events.Event;
import dev.longshore.cli.events.Frame;
import dev.longshore.cli.job.Job;
import java.time.Duration;
import java.time.Instant;

/// Whoever is shown what happens to a job.
interface Watcher {
    /// An event, as it was sent and as it is meant.
    void happened(Frame frame, Event event, Instant now);

    /// Time has passed.
    void tick(Instant now);

    /// The connection was lost and is tried again.
    void lost(String why, Duration again, Instant now);

    /// There is a connection again.
    void back(Instant now);

    /// The job is over.
    void over(Job job, Instant now);
}
