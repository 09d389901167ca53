package dev.longshore.worker.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// This machine's clock, set by the database's at each heartbeat: deadlines and waits are kept on the
/// database's clock, and machines whose clocks differ must not disagree about them.
public final class DatabaseClock implements InstantSource {
    private final InstantSource local;
    private volatile Duration ahead = Duration.ZERO;

    public DatabaseClock(InstantSource local) {
        this.local = local;
    }

    @Override
    public Instant instant() {
        return local.instant().plus(ahead);
    }

    /// Sets the clock.
    ///
    /// @param asked the local time at which the database was asked
    /// @param database what it said
    /// @param answered the local time at which its answer came; it spoke somewhere in between
    void set(Instant asked, Instant database, Instant answered) {
        Instant middle = asked.plus(Duration.between(asked, answered).dividedBy(2));
        ahead = Duration.between(middle, database);
    }

    /// The local time, for setting this clock.
    Instant local() {
        return local.instant();
    }
}
