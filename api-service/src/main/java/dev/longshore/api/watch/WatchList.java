package dev.longshore.api.watch;

import dev.longshore.job.JobId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The jobs that somebody follows or waits for, and which of them to look at next: those of which something was
/// heard, at once, and every one of them once a second, should nothing have been heard of what happened.
///
/// Safe for use by many threads.
final class WatchList {
    /// Jobs that are read in one look.
    static final int MOST_WANTED = 50;

    /// Jobs that are glanced at in one look.
    static final int MOST_DUE = 1_000;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /// Those that are due so soon are looked at with those that are.
    private static final Duration TOGETHER = Duration.ofMillis(100);

    private final LongSupplier nanos;
    private final Map<JobId, Watched> jobs = new ConcurrentHashMap<>();
    private final Queue<Watched> wanted = new ArrayDeque<>();
    /// In the order in which they come up.
    private final Queue<Watched> inLine = new ArrayDeque<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean looking;
    private int waiters;

    /// @param nanos the clock of [System#nanoTime]
    WatchList(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// What is to be looked at.
    sealed interface Round {
        /// Something may have happened to these.
        record Wanted(List<Watched> jobs) implements Round {}

        /// Of these nothing was heard for a while.
        record Due(List<Watched> jobs) implements Round {}
    }

    /// @return the job's entry; null when nobody wants to know of it
    @Nullable
    Watched find(JobId job) {
        return jobs.get(job);
    }

    boolean isEmpty() {
        return jobs.isEmpty();
    }

    /// How many wait for ends.
    int waiters() {
        lock.lock();
        try {
            return waiters;
        } finally {
            lock.unlock();
        }
    }

    /// @return whether nobody is looking, so that somebody has to begin
    boolean add(Follower follower) {
        lock.lock();
        try {
            Watched watched = entry(follower.job().job());
            watched.followers.add(follower);
            return want(watched);
        } finally {
            lock.unlock();
        }
    }

    void remove(Follower follower) {
        lock.lock();
        try {
            Watched watched = jobs.get(follower.job().job());
            if (watched != null) {
                watched.followers.remove(follower);
                dropIfForNobody(watched);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Adds somebody who waits for the job's end.
    ///
    /// @return whether nobody is looking, so that somebody has to begin; empty when too many wait already
    Optional<Boolean> add(JobId job, CompletableFuture<Boolean> waiter, int most) {
        lock.lock();
        try {
            if (waiters >= most) {
                return Optional.empty();
            }
            waiters++;
            Watched watched = entry(job);
            watched.waiters.add(waiter);
            return Optional.of(want(watched));
        } finally {
            lock.unlock();
        }
    }

    void remove(JobId job, CompletableFuture<Boolean> waiter) {
        lock.lock();
        try {
            Watched watched = jobs.get(job);
            if (watched != null && watched.waiters.remove(waiter)) {
                waiters--;
                dropIfForNobody(watched);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Those who wait for the job's end.
    List<CompletableFuture<Boolean>> waitersFor(Watched watched) {
        lock.lock();
        try {
            return List.copyOf(watched.waiters);
        } finally {
            lock.unlock();
        }
    }

    /// Something may have happened to the job.
    ///
    /// @return whether nobody is looking, so that somebody has to begin
    boolean want(Watched watched) {
        lock.lock();
        try {
            if (!watched.wanted && jobs.get(watched.job) == watched) {
                watched.wanted = true;
                wanted.add(watched);
                changed.signal();
            }
            boolean first = !looking && !jobs.isEmpty();
            looking |= first;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for what is to be looked at next.
    ///
    /// @return empty when nobody wants to know anything any more: then whoever looks stops
    Optional<Round> next() throws InterruptedException {
        lock.lock();
        try {
            while (!jobs.isEmpty()) {
                if (!wanted.isEmpty()) {
                    return Optional.of(takeWanted());
                }
                long now = nanos.getAsLong();
                Watched first = inLine.peek();
                long left = first == null ? LOOK_EVERY.toNanos() : first.lookedAt + LOOK_EVERY.toNanos() - now;
                if (left > 0) {
                    changed.awaitNanos(left);
                } else {
                    List<Watched> due = takeDue(now);
                    if (!due.isEmpty()) {
                        return Optional.of(new Round.Due(due));
                    }
                }
            }
            wanted.clear();
            inLine.clear();
            looking = false;
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Round takeWanted() {
        List<Watched> taken = new ArrayList<>();
        while (taken.size() < MOST_WANTED && !wanted.isEmpty()) {
            Watched watched = wanted.remove();
            watched.wanted = false;
            if (!watched.isForNobody()) {
                taken.add(watched);
            }
        }
        return new Round.Wanted(taken);
    }

    private List<Watched> takeDue(long now) {
        List<Watched> due = new ArrayList<>();
        long soon = now + TOGETHER.toNanos();
        for (Watched first = inLine.peek();
                first != null && due.size() < MOST_DUE && first.lookedAt + LOOK_EVERY.toNanos() <= soon;
                first = inLine.peek()) {
            inLine.remove();
            if (jobs.get(first.job) == first) {
                first.lookedAt = now;
                inLine.add(first);
                due.add(first);
            }
        }
        return due;
    }

    private Watched entry(JobId job) {
        Watched known = jobs.get(job);
        if (known != null) {
            return known;
        }
        Watched made = new Watched(job);
        made.lookedAt = nanos.getAsLong();
        inLine.add(made);
        jobs.put(job, made);
        return made;
    }

    private void dropIfForNobody(Watched watched) {
        if (watched.isForNobody()) {
            jobs.remove(watched.job, watched);
        }
    }
}
