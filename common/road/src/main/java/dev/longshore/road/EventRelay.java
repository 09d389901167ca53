package dev.longshore.road;

import dev.longshore.outbox.Outbox;
import dev.longshore.outbox.Outbox.HandedOn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/// Hands on what is in the outbox: at once when this process has put something in, and now and then for those who died
/// before they could. Under load a passing takes all that has come in meanwhile, so that its commit is shared by many.
public final class EventRelay implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EventRelay.class);

    /// Statements whose changes are handed on in one transaction: some thousands of jobs under load.
    private static final int STATEMENTS = 64;

    /// From the end of a passing with much to tell to the beginning of the next.
    private static final Duration APART = Duration.ofMillis(20);

    /// A passing with fewer changes is light load, where nobody should wait for long.
    private static final int FEW = 8;

    private static final Duration LEAST_APART = Duration.ofMillis(4);

    /// How often we look without having been called.
    private static final Duration LOOK = Duration.ofSeconds(1);

    /// After a failure of database or broker.
    private static final Duration REST = Duration.ofSeconds(1);

    private final Outbox outbox;
    private final Outbox.Listener listener;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition called = lock.newCondition();
    private boolean posted;
    private volatile boolean closed;

    /// @param threads makes the one thread that this needs
    public EventRelay(Outbox outbox, Outbox.Listener listener, ThreadFactory threads) {
        this.outbox = outbox;
        this.listener = listener;
        thread = threads.newThread(this::run);
    }

    public void start() {
        thread.start();
    }

    /// Something has been put into the outbox. Returns at once.
    public void posted() {
        lock.lock();
        try {
            posted = true;
            called.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Ends after the passing that is under way. What is left in the outbox, others hand on.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed) {
                awaitWork();
                TimeUnit.NANOSECONDS.sleep(pass().toNanos());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitWork() throws InterruptedException {
        lock.lock();
        try {
            long left = LOOK.toNanos();
            while (!posted && left > 0) {
                left = called.awaitNanos(left);
            }
            posted = false;
        } finally {
            lock.unlock();
        }
    }

    /// @return how long to rest before the next
    private Duration pass() throws InterruptedException {
        try {
            HandedOn handed = outbox.handOn(STATEMENTS, listener);
            if (handed.refused()) {
                LOG.debugf("the event topic takes nothing, trying again soon; changes=%d", handed.changes());
                posted();
                return REST;
            }
            if (handed.statements() == STATEMENTS) {
                posted();
            }
            return handed.changes() < FEW ? LEAST_APART : APART;
        } catch (SQLException | RuntimeException e) {
            LOG.debugf(e, "the outbox could not be read, trying again soon");
            posted();
            return REST;
        }
    }
}
