package dev.longshore.rig.wire;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// One direction of a [Wire]: what befalls the bytes that travel it. Conditions may change at any time
/// and hold at once for all connections.
///
/// Safe for use by many threads.
public final class Way {
    private boolean held;
    private Duration delay = Duration.ZERO;
    private long bytesPerSecond;
    private BooleanSupplier losing = () -> false;

    Way() {}

    /// Nothing passes, and nobody is told: what is sent waits, as behind a cable that is pulled.
    public synchronized void hold() {
        held = true;
        notifyAll();
    }

    /// Every piece of data is this much later.
    public synchronized void delay(Duration by) {
        delay = by;
        notifyAll();
    }

    /// No connection carries more than this.
    public synchronized void throttle(long mostBytesPerSecond) {
        bytesPerSecond = mostBytesPerSecond;
        notifyAll();
    }

    /// Data for which this says yes is thrown away, and the connection is reset instead: the other side
    /// has done its work, and nobody hears of it.
    public synchronized void lose(BooleanSupplier chance) {
        losing = chance;
    }

    /// Everything passes again, what was held first.
    public synchronized void heal() {
        held = false;
        delay = Duration.ZERO;
        bytesPerSecond = 0;
        losing = () -> false;
        notifyAll();
    }

    synchronized boolean isHeld() {
        return held;
    }

    /// Returns when a piece of data may go on its way.
    ///
    /// @param gone asked whether the connection is over, so that nobody waits any more
    /// @return whether it arrives at all
    synchronized boolean pass(int bytes, BooleanSupplier gone) throws InterruptedException {
        if (losing.getAsBoolean()) {
            return false;
        }
        long begun = System.nanoTime();
        while (!gone.getAsBoolean()) {
            long due =
                    delay.toNanos() + (bytesPerSecond == 0 ? 0 : bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
            long left = due - (System.nanoTime() - begun);
            if (!held && left <= 0) {
                return true;
            }
            // Looks up now and then, since a connection that ends wakes nobody here.
            long patience = held ? LOOK_NANOS : Math.min(left, LOOK_NANOS);
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, patience));
        }
        return false;
    }

    /// Returns when nothing is held.
    synchronized void awaitOpen(BooleanSupplier gone) throws InterruptedException {
        while (held && !gone.getAsBoolean()) {
            TimeUnit.NANOSECONDS.timedWait(this, LOOK_NANOS);
        }
    }

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
}
