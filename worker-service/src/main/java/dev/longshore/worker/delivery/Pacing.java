package dev.longshore.worker.delivery;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// When the next look for due notices is made: soon after somebody called, else now and then for what became due by
/// itself or was owed by others.
public final class Pacing {
    /// What a retry, or a notice that another process owes, is late by at most beside the work itself.
    private static final Duration IDLE = Duration.ofMillis(200);

    /// After a look that found something. What came in meanwhile is taken together.
    private static final Duration BUSY_APART = Duration.ofMillis(4);

    /// Every change of any job calls, also where nobody has a webhook: looks that find nothing get this rare.
    private static final Duration VAIN_APART = Duration.ofMillis(100);

    /// After a failure of the database.
    private static final Duration REST = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition called = lock.newCondition();
    private boolean call;
    private boolean closed;
    private Duration apart = BUSY_APART;

    /// Something may be due. Returns at once.
    public void call() {
        lock.lock();
        try {
            call = true;
            called.signal();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            called.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Returns when the next look is due.
    ///
    /// @return false when there is to be none any more
    boolean await() throws InterruptedException {
        lock.lock();
        try {
            pause(apart, false);
            pause(IDLE.minus(apart), true);
            call = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration length, boolean endsWithCall) throws InterruptedException {
        long left = length.toNanos();
        while (left > 0 && !closed && !(endsWithCall && call)) {
            left = called.awaitNanos(left);
        }
    }

    /// @param took how long it took to look; as long as that at least is waited for the next, so that looking never
    ///     takes more than half of one processor
    void found(boolean something, Duration took) {
        Duration least = something ? BUSY_APART : longer(apart.multipliedBy(2), BUSY_APART);
        apart = longer(least.compareTo(VAIN_APART) > 0 ? VAIN_APART : least, took);
    }

    void failed() {
        apart = REST;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
