package dev.longshore.api.accept;

import java.util.concurrent.atomic.AtomicLong;

/// Counts what was begun and what was ended, so that a measurement from outside can be brought up to
/// date with what has happened here since: everything that was not over when the measurement began is
/// added to it. Rather too much than too little.
final class Tally {
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();

    void begin() {
        begun.incrementAndGet();
    }

    void end(long count) {
        ended.addAndGet(count);
    }

    /// Begun in vain: it never shows up in a measurement.
    void forget(long count) {
        begun.addAndGet(-count);
    }

    /// To be taken before measuring, and handed to [#since] afterwards.
    long mark() {
        return ended.get();
    }

    long since(long mark) {
        return Math.max(0, begun.get() - mark);
    }
}
