package dev.longshore.road;

import java.util.Map;

/// How far one lane had been written and read at a moment, partition by partition.
///
/// @param ends the offset that the next ticket will get
/// @param read the offset up to which every ticket has been traded for a claim, or found stale
public record LaneReading(Map<Integer, Long> ends, Map<Integer, Long> read) {
    /// Tickets on the lane that no worker has dealt with.
    public long unclaimed() {
        long sum = 0;
        for (Map.Entry<Integer, Long> end : ends.entrySet()) {
            sum += Math.max(0, end.getValue() - readOf(end.getKey()));
        }
        return sum;
    }

    /// Whether everything that was on the lane at an earlier reading has been dealt with. A partition
    /// that was emptied or made anew since has nothing left to wait for.
    public boolean isPast(LaneReading earlier) {
        for (Map.Entry<Integer, Long> then : earlier.ends.entrySet()) {
            long mark = Math.min(then.getValue(), ends.getOrDefault(then.getKey(), 0L));
            if (readOf(then.getKey()) < mark) {
                return false;
            }
        }
        return true;
    }

    private long readOf(int partition) {
        return read.getOrDefault(partition, 0L);
    }
}
