package dev.longshore.cli.show;

import dev.longshore.cli.job.Job;
import java.time.Instant;

/// Where people see how far a job is.
public interface StatusArea {
    /// The job as it is now.
    void show(Job job, Instant now);

    /// Time has passed.
    void tick(Instant now);

    /// Something is amiss with the watching itself.
    void amiss(String text, Instant now);

    /// It no longer is.
    void fine(String text, Instant now);

    /// The one that fits: a bar on a terminal, else a line for each change.
    ///
    /// @param now when the watching begins
    static StatusArea of(Voice voice, Instant now) {
        return voice.terminal().err() ? new LiveStatus(voice) : new PlainStatus(voice, now);
    }
}
