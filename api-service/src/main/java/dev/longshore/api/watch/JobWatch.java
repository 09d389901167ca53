package dev.longshore.api.watch;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.outbox.EventSequence;
import dev.longshore.road.JobNews.Changed;
import dev.longshore.road.JobNews.Said;
import dev.longshore.view.JobTales;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/// Brings together those who want to know what happens to jobs and what is heard of it. That something happened to
/// a job is a reason to look, and all that is to be looked at is looked at together; what a call says is passed on
/// as it is.
///
/// Safe for use by many threads.
public final class JobWatch {
    /// How many callers may wait at once; whoever comes then is answered at once.
    public static final int MOST_WAITERS = 10_000;

    private final WatchList list;
    private final Looks looks;
    private final Executor executor;
    private volatile Runnable first = () -> {};

    /// @param executor runs looks at the database, which block
    /// @param nanos the clock of [System#nanoTime]
    public JobWatch(DataSource database, JobTales tales, Executor executor, LongSupplier nanos) {
        list = new WatchList(nanos);
        looks = new Looks(list, database, tales::read);
        this.executor = executor;
    }

    /// @param first runs whenever somebody begins to watch where nobody did
    public void whenBegun(Runnable first) {
        this.first = first;
    }

    /// Waits until the job is over.
    ///
    /// @return completes with whether it is over by then: false when the time has passed; cancelling it
    ///     frees the place. Empty when too many are waiting already
    public Optional<CompletableFuture<Boolean>> await(JobId job, Duration atMost) {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        Optional<Boolean> begins = list.add(job, over, MOST_WAITERS);
        if (begins.isEmpty()) {
            return Optional.empty();
        }
        over.completeOnTimeout(false, atMost.toMillis(), TimeUnit.MILLISECONDS);
        over.whenComplete((_, _) -> list.remove(job, over));
        beginIf(begins.get());
        return Optional.of(over);
    }

    /// How many callers are waiting.
    public int waiting() {
        return list.waiters();
    }

    void follow(Follower follower) {
        beginIf(list.add(follower));
    }

    void unfollow(Follower follower) {
        list.remove(follower);
    }

    boolean isWatching() {
        return !list.isEmpty();
    }

    boolean isWatched(JobId job) {
        return list.find(job) != null;
    }

    /// A job has taken on a status.
    void changed(Changed change) {
        Watched watched = list.find(change.job());
        if (watched != null
                && (change.status().terminal() || change.number() > watched.known && !watched.followers.isEmpty())) {
            beginIf(list.want(watched));
        }
    }

    /// The call of a job has said something.
    void said(Said said) {
        Watched watched = list.find(said.job());
        if (watched == null || watched.followers.isEmpty()) {
            return;
        }
        if (watched.known < EventSequence.of(said.epoch(), JobStatus.PROCESSING)) {
            // It came before the news that the call has begun, which readers are told first.
            beginIf(list.want(watched));
        }
        Buffer frame = Frames.of(said);
        watched.followers.forEach(follower -> follower.heard(said, frame));
    }

    private void beginIf(boolean yes) {
        if (yes) {
            first.run();
            executor.execute(looks::whileSomebodyWatches);
        }
    }
}
