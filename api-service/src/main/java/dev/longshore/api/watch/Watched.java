package dev.longshore.api.watch;

import dev.longshore.job.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/// A job that somebody follows or waits for. But for what says otherwise, all of it belongs to the lock of its
/// [WatchList].
final class Watched {
    final JobId job;

    /// For all threads.
    final List<Follower> followers = new CopyOnWriteArrayList<>();

    /// Those who wait for its end.
    final List<CompletableFuture<Boolean>> waiters = new ArrayList<>(1);

    /// Whether it is among those to look at next.
    boolean wanted;

    /// When it was last looked at or put in line for it, on the clock of [System#nanoTime].
    long lookedAt;

    /// The number of the last step that its followers were told of; -1 before the first. For all threads.
    volatile long known = -1;

    /// The number of the last step that was seen in passing. Only for who looks.
    long glimpsed = -1;

    Watched(JobId job) {
        this.job = job;
    }

    boolean isForNobody() {
        return followers.isEmpty() && waiters.isEmpty();
    }
}
