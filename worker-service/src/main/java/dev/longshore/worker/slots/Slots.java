package dev.longshore.worker.slots;

import dev.longshore.lane.Lane;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The attempts that this worker may run at once, shared out between the lanes.
///
/// A lane may use any free slot that is not reserved for another lane, so an idle lane's share is lent
/// out but for its reserve. While lanes compete, each free slot goes to the one that has the fewest
/// attempts running for its weight, so what was lent comes back as attempts end, and over time the lanes
/// run in proportion to their weights. A lane that has something to do therefore waits for its next slot
/// no longer than it takes one attempt of an over-served lane to end.
///
/// Safe for use by many threads.
public final class Slots {
    private final int total;
    private final Map<Lane, LaneShare> shares = new EnumMap<>(Lane.class);
    private final Map<Lane, Integer> taken = new EnumMap<>(Lane.class);
    private final Map<Lane, Long> lastTurn = new EnumMap<>(Lane.class);
    private long turn;

    public Slots(int total, Collection<LaneShare> lanes) {
        this.total = total;
        for (LaneShare share : lanes) {
            shares.put(share.lane(), share);
            taken.put(share.lane(), 0);
            lastTurn.put(share.lane(), 0L);
        }
    }

    public int total() {
        return total;
    }

    /// How many slots a lane uses now.
    public synchronized int taken(Lane lane) {
        return taken.getOrDefault(lane, 0);
    }

    public synchronized int taken() {
        return sum();
    }

    /// Takes slots for jobs that could run now.
    ///
    /// @param wanted how many jobs each lane has at hand
    /// @param most how many slots to take at most
    /// @return how many each lane got; give back what is not used
    public synchronized Map<Lane, Integer> take(Map<Lane, Integer> wanted, int most) {
        Map<Lane, Integer> granted = new EnumMap<>(Lane.class);
        for (int given = 0; given < most; given++) {
            Lane next = mostDeserving(wanted, granted);
            if (next == null) {
                break;
            }
            taken.merge(next, 1, Integer::sum);
            lastTurn.put(next, ++turn);
            granted.merge(next, 1, Integer::sum);
        }
        return granted;
    }

    public synchronized void giveBack(Lane lane, int slots) {
        int left = taken(lane) - slots;
        if (left < 0) {
            throw new IllegalStateException("lane " + lane.word() + " gave back more slots than it had taken");
        }
        taken.put(lane, left);
    }

    private @Nullable Lane mostDeserving(Map<Lane, Integer> wanted, Map<Lane, Integer> granted) {
        Lane best = null;
        double leastServed = Double.MAX_VALUE;
        long oldestTurn = Long.MAX_VALUE;
        for (LaneShare share : shares.values()) {
            Lane lane = share.lane();
            boolean wants = wanted.getOrDefault(lane, 0) > granted.getOrDefault(lane, 0);
            double served = (double) taken.getOrDefault(lane, 0) / share.weight();
            long lastServed = lastTurn.getOrDefault(lane, 0L);
            // Of equally served lanes the one whose turn was longest ago, or a lane would starve where there are
            // fewer slots than lanes; at the beginning the most urgent.
            boolean before = served < leastServed || served == leastServed && lastServed < oldestTurn;
            if (wants && before && mayTake(share)) {
                best = lane;
                leastServed = served;
                oldestTurn = lastServed;
            }
        }
        return best;
    }

    private boolean mayTake(LaneShare share) {
        int free = total - sum();
        if (free <= 0) {
            return false;
        }
        int keptForOthers = 0;
        for (LaneShare other : shares.values()) {
            if (other.lane() != share.lane()) {
                keptForOthers += Math.max(0, other.reserved() - taken.getOrDefault(other.lane(), 0));
            }
        }
        return free > keptForOthers || taken.getOrDefault(share.lane(), 0) < share.reserved();
    }

    private int sum() {
        int sum = 0;
        for (int used : taken.values()) {
            sum += used;
        }
        return sum;
    }
}
