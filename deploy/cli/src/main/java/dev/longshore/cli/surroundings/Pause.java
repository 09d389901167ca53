package dev.longshore.cli.surroundings;

import java.time.Duration;

/// Lets time pass.
@FunctionalInterface
public interface Pause {
    /// Returns after so long.
    void pause(Duration duration) throws InterruptedException;
}
