package dev.longshore.worker.lifecycle;

import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.job.JobStore;
import dev.longshore.lease.WorkerLease;
import dev.longshore.worker.slots.RunningAttempts;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// This process's membership among the workers: renews its lease, carries cancels back, and stops its
/// attempts before anybody may rescue their jobs.
public final class Membership implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Membership.class);

    /// A cancel is to reach a running call within two seconds.
    private static final Duration CANCEL_LOOK = Duration.ofMillis(500);

    private static final Duration LEASE_LOOK = Duration.ofMillis(250);

    /// After a heartbeat that failed; a whole pause would waste what is left of the lease.
    private static final Duration NEXT_TRY = Duration.ofMillis(250);

    /// What is left of the lease when attempts are stopped: time for them to notice.
    private static final double SAFE_PART_OF_LEASE = 0.8;

    private final WorkerLease lease;
    private final JobStore store;
    private final RunningAttempts running;
    private final DatabaseClock clock;
    private final Duration heartbeat;
    private final Duration length;
    private final String name;
    private final int slots;
    // One thread each: a heartbeat that hangs in the database must not keep the watch from stopping the
    // attempts.
    private final ScheduledExecutorService beating = daemon("heartbeat");
    private final ScheduledExecutorService cancelling = daemon("cancel-look");
    private final ScheduledExecutorService watching = daemon("lease-watch");

    private final Object renewal = new Object();
    private volatile int workerId;
    private volatile long renewedNanos;
    private volatile boolean draining;
    private volatile boolean failing;
    private boolean stoppedForLease;

    public Membership(
            WorkerLease lease,
            JobStore store,
            RunningAttempts running,
            DatabaseClock clock,
            Duration heartbeat,
            Duration length,
            String name,
            int slots) {
        this.lease = lease;
        this.store = store;
        this.running = running;
        this.clock = clock;
        this.heartbeat = heartbeat;
        this.length = length;
        this.name = name;
        this.slots = slots;
    }

    private static ScheduledExecutorService daemon(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                task -> Thread.ofPlatform().name(name).daemon().unstarted(task));
    }

    /// Joins, then keeps the membership up until [#close].
    public void start() throws SQLException {
        join();
        beatAndGoOn();
        cancelling.scheduleWithFixedDelay(
                this::lookForCancels, CANCEL_LOOK.toMillis(), CANCEL_LOOK.toMillis(), TimeUnit.MILLISECONDS);
        watching.scheduleWithFixedDelay(
                this::watchLease, LEASE_LOOK.toMillis(), LEASE_LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// This worker's number for a claim now. Waits while the lease cannot be renewed: what was claimed then
    /// would only be stopped again.
    public int workerId() {
        synchronized (renewal) {
            while (isOverdue() && !beating.isShutdown()) {
                try {
                    renewal.wait(LEASE_LOOK.toMillis());
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
        }
        return workerId;
    }

    /// Says in the database that this worker takes no more jobs.
    public void drain() {
        draining = true;
        beat();
    }

    /// Ends the membership; whatever is still unsettled here may be rescued at once.
    @Override
    public void close() {
        beating.shutdownNow();
        cancelling.shutdownNow();
        watching.shutdownNow();
        try {
            lease.leave(workerId);
        } catch (SQLException e) {
            LOG.warnf("left without saying so, the lease will run out instead; worker=%d", workerId);
        }
    }

    private void join() throws SQLException {
        long before = System.nanoTime();
        workerId = lease.join(name, slots);
        renewedNanos = before;
        LOG.infof("joined; worker=%d name=%s slots=%d", workerId, name, slots);
    }

    private void beatAndGoOn() {
        Duration pause = beat() ? heartbeat : NEXT_TRY.compareTo(heartbeat) < 0 ? NEXT_TRY : heartbeat;
        if (!beating.isShutdown()) {
            beating.schedule(this::beatAndGoOn, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /// A renewal counts from when it was asked for. One that was answered late is old already, so the next
    /// follows at once: after a whole pause the lease would seem to have run out, and good calls be stopped.
    ///
    /// @return whether the membership was confirmed
    private boolean beat() {
        try {
            long before = System.nanoTime();
            renewOrJoin(before);
            if (System.nanoTime() - before > heartbeat.toNanos()) {
                renewOrJoin(System.nanoTime());
            }
            synchronized (renewal) {
                renewal.notifyAll();
            }
            failing = false;
            return true;
        } catch (SQLException | RuntimeException e) {
            // Said once for each outage: the tries are many.
            LOG.logf(
                    failing ? Logger.Level.DEBUG : Logger.Level.WARN,
                    "no heartbeat, tried again every %d ms; worker=%d cause=%s",
                    NEXT_TRY.toMillis(),
                    workerId,
                    e.getMessage());
            failing = true;
            return false;
        }
    }

    private void renewOrJoin(long before) throws SQLException {
        Instant asked = clock.local();
        Instant database = lease.renew(workerId, draining);
        if (database != null) {
            clock.set(asked, database, clock.local());
            renewedNanos = before;
            return;
        }
        int stopped = running.stopAll(Interruption.LEASE_LOST);
        LOG.warnf("the lease had run out; attempts stopped, joining anew; worker=%d stopped=%d", workerId, stopped);
        join();
    }

    private void lookForCancels() {
        try {
            if (running.count() > 0) {
                running.stop(store.toBeCancelled(workerId), Interruption.CANCEL);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debugf("cancels could not be looked up, the next look will; cause=%s", e.getMessage());
        }
    }

    /// On this machine's own monotonic clock, counted from before the last successful renewal was sent:
    /// whatever the network did, the lease in the database ends later than this.
    private void watchLease() {
        boolean overdue = isOverdue();
        if (overdue) {
            int stopped = running.stopAll(Interruption.LEASE_LOST);
            if (!stoppedForLease || stopped > 0) {
                LOG.warnf(
                        "the lease could not be renewed for %d ms; attempts are stopped until it is; worker=%d stopped=%d",
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - renewedNanos), workerId, stopped);
            }
        }
        stoppedForLease = overdue;
    }

    private boolean isOverdue() {
        return System.nanoTime() - renewedNanos > length.toNanos() * SAFE_PART_OF_LEASE;
    }
}
