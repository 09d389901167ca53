package dev.longshore.worker.intake;

import java.util.Comparator;

/// How far a partition has been read.
///
/// @param generation the group's, when the last ticket before it was read; a later one counts more, even further
///     back: in between the partition may have been another worker's
/// @param offset of the next ticket
record ReadUpTo(int generation, long offset) {
    private static final Comparator<ReadUpTo> ORDER =
            Comparator.comparingInt(ReadUpTo::generation).thenComparingLong(ReadUpTo::offset);

    boolean isBeyond(ReadUpTo other) {
        return ORDER.compare(this, other) > 0;
    }

    static ReadUpTo furthest(ReadUpTo one, ReadUpTo other) {
        return one.isBeyond(other) ? one : other;
    }
}
