package dev.longshore.api.watch;

import dev.longshore.road.JobNews.Said;
import dev.longshore.view.Owned;
import io.vertx.core.buffer.Buffer;
import java.sql.SQLException;

/// Whoever wants to know everything that happens to a job. It is told from several threads, and must not block any.
interface Follower {
    Owned job();

    /// The job's tale was read. It may hold nothing new.
    void told(Story story);

    /// The job's call has said something.
    ///
    /// @param frame as it is told to readers
    void heard(Said said, Buffer frame);

    /// There is no such job, or none any more.
    void missing();

    /// The database cannot be asked now; it will be asked again.
    void unreadable(SQLException why);

    /// It could not be told what it ought to know, and never will.
    void broken(RuntimeException why);
}
