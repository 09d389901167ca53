package dev.longshore.api.accept;

import dev.longshore.api.errors.Problems;
import dev.longshore.job.Accepted;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.lane.Lane;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import dev.longshore.road.TicketSender;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Group commit. Whatever jobs have come in while the last transaction was committing go into the next
/// one together: no timer, no added wait when there is little to do, and large groups under load. After
/// the commit the tickets of jobs that found room on their lane are sent, and the callers are answered.
///
/// Safe for use by many threads; [#accept] never blocks.
public final class Acceptor implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Acceptor.class);

    /// One: while it commits, the next group gathers. On two processors a second one made the groups half as
    /// large, and the processors spend their time on statements, not on rows.
    private static final int FLUSHERS = 1;

    /// Past a few hundred a larger group is hardly cheaper, but everybody in it waits for the last.
    private static final int MOST_JOBS_A_GROUP = 500;

    /// Large inputs make small groups, so that a group stays a matter of milliseconds.
    private static final long MOST_BYTES_A_GROUP = 4L << 20;

    /// Who would wait longer than it takes to write this many is better told to come back.
    private static final int MOST_WAITING = 10_000;

    private static final long MOST_BYTES_WAITING = 128L << 20;

    /// After the database went away, how long callers are refused at once before it is asked again.
    private static final Duration REST = Duration.ofMillis(500);

    private static final Duration QUEUE_FULL_RETRY = Duration.ofSeconds(5);
    private static final Duration BUSY_RETRY = Duration.ofSeconds(1);
    private static final Duration UNDISPATCH_RETRY = Duration.ofSeconds(1);
    private static final int UNDISPATCH_TRIES = 30;
    private static final String DEADLOCK = "40P01";
    private static final long IDLE_SECONDS = 1;

    private final JobStore store;
    private final TicketSender tickets;
    private final Windows windows;
    private final Backlogs backlogs;
    private final Executor chores;
    private final AcceptMetrics metrics;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong bytesWaiting = new AtomicLong();
    private final List<Thread> flushers = new ArrayList<>();
    private final Departures departures;
    private volatile boolean open = true;
    private volatile long awayUntil = System.nanoTime();

    /// @param chores runs what blocks and may be late
    public Acceptor(
            JobStore store,
            TicketSender tickets,
            Windows windows,
            Backlogs backlogs,
            Executor chores,
            AcceptMetrics metrics) {
        this.store = store;
        this.tickets = tickets;
        this.windows = windows;
        this.backlogs = backlogs;
        this.chores = chores;
        this.metrics = metrics;
        departures = new Departures(this::send);
        metrics.waiting(queue);
        for (int i = 0; i < FLUSHERS; i++) {
            flushers.add(Thread.ofPlatform().name("acceptor-" + i).start(this::flush));
        }
    }

    /// Accepts a job.
    ///
    /// @param job its `direct` is decided here
    /// @param scheduled whether the job is to start later, so that it joins neither lane nor backlog now
    /// @param bytes about how much memory it takes
    /// @param home runs what depends on the answer
    /// @return completes on `home` once the job is safe; fails with a [Refusal] when it was not accepted
    public CompletableFuture<Accepted> accept(NewJob job, boolean scheduled, long bytes, Executor home) {
        Lane lane = job.lane();
        if (backlogs.isFull(lane)) {
            throw new Refusal(new Problem(
                    ProblemCode.QUEUE_FULL,
                    "The lane '" + lane.word() + "' has as many queued jobs as it may have; nothing was accepted.",
                    null,
                    Map.of("lane", lane.word(), "queued", backlogs.queued(lane)),
                    QUEUE_FULL_RETRY));
        }
        if (!open || awayUntil - System.nanoTime() > 0) {
            throw new Refusal(Problems.unavailable());
        }
        Place place = scheduled ? Place.NONE : windows.take(lane) ? Place.LANE : Place.BACKLOG;
        if (place == Place.BACKLOG) {
            backlogs.joining(lane);
        }
        Waiting waiting = new Waiting(
                direct(job, place == Place.LANE), place, bytes, home, new CompletableFuture<>(), System.nanoTime());
        boolean roomy = bytesWaiting.addAndGet(bytes) <= MOST_BYTES_WAITING || bytesWaiting.get() == bytes;
        if (!roomy || !queue.offer(waiting)) {
            bytesWaiting.addAndGet(-bytes);
            release(waiting);
            throw new Refusal(Problem.passing(
                    ProblemCode.UNAVAILABLE,
                    "Too many jobs are coming in at once; this one was not accepted.",
                    BUSY_RETRY));
        }
        return waiting.answer();
    }

    private void flush() {
        List<Waiting> group = new ArrayList<>();
        @Nullable Waiting left = null;
        while (open || left != null || !queue.isEmpty()) {
            try {
                Waiting next = left != null ? left : queue.poll(IDLE_SECONDS, TimeUnit.SECONDS);
                left = null;
                long bytes = 0;
                while (next != null) {
                    if (!group.isEmpty() && bytes + next.bytes() > MOST_BYTES_A_GROUP) {
                        left = next;
                        break;
                    }
                    group.add(next);
                    bytes += next.bytes();
                    next = group.size() < MOST_JOBS_A_GROUP ? queue.poll() : null;
                }
                if (!group.isEmpty()) {
                    bytesWaiting.addAndGet(-bytes);
                    write(group);
                }
            } catch (InterruptedException _) {
                // Nobody interrupts a flusher but the JVM's end; the flag `open` is what stops it.
            } catch (RuntimeException e) {
                LOG.error("A group of jobs could not be written; its callers are told.", e);
                group.forEach(waiting -> fail(waiting, e));
            } finally {
                group.clear();
            }
        }
    }

    private void write(List<Waiting> group) {
        List<NewJob> jobs = group.stream().map(Waiting::job).toList();
        try {
            List<Accepted> answers = acceptOnceMoreOnDeadlock(jobs);
            metrics.group(group.size());
            finish(group, answers);
        } catch (SQLException e) {
            if (Problems.databaseIsAway(e)) {
                awayUntil = System.nanoTime() + REST.toNanos();
                LOG.warnf(
                        "The database did not take %d jobs; their callers are told to come again. cause=%s",
                        group.size(), e.getMessage());
                group.forEach(waiting -> fail(waiting, new Refusal(Problems.inDoubt())));
            } else if (group.size() == 1) {
                LOG.error("The database refused a job; its caller is told.", e);
                fail(group.getFirst(), e);
            } else {
                // One of them is at fault; it must not take the others with it.
                group.forEach(waiting -> write(List.of(waiting)));
            }
        }
    }

    private List<Accepted> acceptOnceMoreOnDeadlock(List<NewJob> jobs) throws SQLException {
        try {
            return store.accept(jobs);
        } catch (SQLException e) {
            if (DEADLOCK.equals(e.getSQLState())) {
                return store.accept(jobs);
            }
            throw e;
        }
    }

    private void finish(List<Waiting> group, List<Accepted> answers) {
        Map<Lane, List<UUID>> dispatched = new EnumMap<>(Lane.class);
        Map<Executor, List<Runnable>> homes = new IdentityHashMap<>();
        for (int i = 0; i < group.size(); i++) {
            Waiting waiting = group.get(i);
            Accepted answer = answers.get(i);
            account(waiting, answer, dispatched);
            homes.computeIfAbsent(waiting.home(), _ -> new ArrayList<>())
                    .add(() -> waiting.answer().complete(answer));
        }
        dispatched.forEach(departures::add);
        homes.forEach((home, completions) -> home.execute(() -> completions.forEach(Runnable::run)));
    }

    /// Keeps the counts of lanes and backlogs right, whatever became of the job.
    private void account(Waiting waiting, Accepted answer, Map<Lane, List<UUID>> dispatched) {
        Lane lane = waiting.job().lane();
        switch (answer) {
            case Accepted.Fresh fresh -> {
                metrics.accepted(lane, waiting.since());
                // One that was found written by an earlier try is said to be on the road, whatever place
                // it has.
                if (fresh.dispatched() && waiting.place() != Place.BACKLOG) {
                    dispatched
                            .computeIfAbsent(lane, _ -> new ArrayList<>())
                            .add(fresh.id().uuid());
                } else if (waiting.place() == Place.LANE) {
                    // Its tenant has a backlog, so it queues there.
                    windows.giveBack(lane, 1);
                    backlogs.joining(lane);
                    backlogs.joined(lane, 1);
                } else if (waiting.place() == Place.BACKLOG) {
                    backlogs.joined(lane, 1);
                }
            }
            case Accepted.Replayed _, Accepted.KeyReused _ -> release(waiting);
        }
    }

    private void send(Lane lane, List<UUID> jobs) {
        tickets.send(lane, jobs).thenAccept(lost -> {
            windows.landed(lane, jobs.size() - lost.size());
            if (!lost.isEmpty()) {
                windows.giveBack(lane, lost.size());
                chores.execute(() -> undispatch(lane, lost));
            }
        });
    }

    /// Where this fails for good the jobs are still safe: the feeder finds what was dispatched and never
    /// claimed.
    private void undispatch(Lane lane, List<UUID> jobs) {
        LOG.warnf("Tickets could not be sent; their jobs go to the backlog. lane=%s jobs=%d", lane.word(), jobs.size());
        for (int i = 0; i < UNDISPATCH_TRIES; i++) {
            try {
                store.undispatch(jobs);
                return;
            } catch (SQLException _) {
                try {
                    Thread.sleep(UNDISPATCH_RETRY);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void fail(Waiting waiting, Exception why) {
        release(waiting);
        waiting.home().execute(() -> waiting.answer().completeExceptionally(why));
    }

    private void release(Waiting waiting) {
        switch (waiting.place()) {
            case LANE -> windows.giveBack(waiting.job().lane(), 1);
            case BACKLOG -> backlogs.stayedAway(waiting.job().lane(), 1);
            case NONE -> {}
        }
    }

    /// Takes no more jobs, and returns when those that were waiting have been answered.
    @Override
    public void close() {
        open = false;
        for (Thread flusher : flushers) {
            try {
                flusher.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        departures.close();
    }

    private static NewJob direct(NewJob job, boolean direct) {
        return new NewJob(
                job.id(),
                job.tenantId(),
                job.operation(),
                job.operationVersion(),
                job.lane(),
                job.priority(),
                job.model(),
                job.input(),
                job.options(),
                job.labels(),
                job.maxAttempts(),
                job.deadline(),
                job.runAt(),
                job.failOnUnknown(),
                job.traceId(),
                job.guard(),
                direct,
                job.webhook());
    }

    /// What a waiting job has reserved.
    private enum Place {
        LANE,
        BACKLOG,
        NONE
    }

    private record Waiting(
            NewJob job, Place place, long bytes, Executor home, CompletableFuture<Accepted> answer, long since) {}
}
