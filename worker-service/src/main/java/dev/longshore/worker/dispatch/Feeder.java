package dev.longshore.worker.dispatch;

import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.Fed;
import dev.longshore.lane.Lane;
import dev.longshore.road.LaneGauge;
import dev.longshore.road.LaneReading;
import dev.longshore.road.RoadUnavailable;
import dev.longshore.road.TicketSender;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Keeps the lanes supplied: wakes jobs whose wait is over, ends those that are past their deadline,
/// puts the backlog on the road as fast as windows allow, and sends lost tickets again. One worker at a
/// time does it, and nothing breaks when for a moment two do: every step is a guarded statement.
public final class Feeder {
    private static final Logger LOG = Logger.getLogger(Feeder.class);

    /// Rows in one statement: enough to outrun the workers, few enough that a statement stays short.
    static final int LARGEST_STEP = 1_000;

    /// A lane is fed when this part of its window is empty: what a few tickets cost, many cost as well.
    private static final int SMALLEST_PART = 8;

    /// How often a lane is looked at for lost tickets. Between two looks the index of what is on the
    /// road is left alone.
    private static final Duration LOST_TICKET_LOOK = Duration.ofSeconds(2);

    private final JobStore store;
    private final LaneGauge gauge;
    private final TicketSender sender;
    private final Map<Lane, Integer> windows;
    private final MeterRegistry metrics;
    private final LostTickets lost = new LostTickets();
    private final Map<Lane, Integer> lastTenant = new EnumMap<>(Lane.class);
    private long lastLookNanos;
    private boolean roadDown;

    /// @param windows how many unclaimed tickets a lane may hold
    public Feeder(
            JobStore store, LaneGauge gauge, TicketSender sender, Map<Lane, Integer> windows, MeterRegistry metrics) {
        this.store = store;
        this.gauge = gauge;
        this.sender = sender;
        this.windows = Map.copyOf(windows);
        this.metrics = metrics;
    }

    /// When there will be something to do again.
    enum Next {
        /// A step was full, so the next one has work already.
        AT_ONCE,
        /// Work was done, and more is likely to come.
        SOON,
        /// There was nothing to do, or no room to do it in.
        LATER
    }

    /// Does everything that is to be done now, a bounded step of each.
    ///
    /// @param nanos the monotonic time
    Next runOnce(long nanos) throws SQLException, InterruptedException {
        Next next = after(store.expire(LARGEST_STEP));
        next = sooner(next, after(store.wake(LARGEST_STEP)));

        List<Lane> hungry = new ArrayList<>();
        for (Lane lane : Lane.values()) {
            if (store.backlog(lane, 1) > 0) {
                hungry.add(lane);
            }
        }
        boolean lookForLost = nanos - lastLookNanos >= LOST_TICKET_LOOK.toNanos();
        if (hungry.isEmpty() && !lookForLost) {
            return next;
        }
        try {
            Map<Lane, LaneReading> readings = gauge.read();
            if (lookForLost) {
                lastLookNanos = nanos;
            }
            for (Map.Entry<Lane, LaneReading> reading : readings.entrySet()) {
                if (lookForLost) {
                    reissueLost(reading.getKey(), reading.getValue(), nanos);
                }
                if (hungry.contains(reading.getKey())) {
                    next = sooner(next, after(feed(reading.getKey(), reading.getValue())));
                }
            }
            if (roadDown) {
                LOG.info("the lanes can be read again");
                roadDown = false;
            }
        } catch (RoadUnavailable e) {
            if (!roadDown) {
                LOG.warnf("Kafka is away, jobs wait in the backlog until it is back; cause=%s", e.getCause());
                roadDown = true;
            }
            return Next.LATER;
        }
        return next;
    }

    private static Next after(int done) {
        return done == LARGEST_STEP ? Next.AT_ONCE : done > 0 ? Next.SOON : Next.LATER;
    }

    private static Next sooner(Next a, Next b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /// @return how many jobs were put on the lane
    private int feed(Lane lane, LaneReading reading) throws SQLException {
        int window = windows.getOrDefault(lane, 0);
        long room = window - reading.unclaimed();
        if (room <= 0 || room < window / SMALLEST_PART) {
            return 0;
        }
        int step = (int) Math.min(room, LARGEST_STEP);
        List<Fed> fed = store.feed(lane, step, lastTenant.getOrDefault(lane, 0));
        if (fed.isEmpty()) {
            return 0;
        }
        lastTenant.put(lane, fed.getLast().tenantId());
        List<UUID> ids = fed.stream().map(Fed::jobId).toList();
        // Waited for, so that the next reading counts these tickets.
        List<UUID> failed = sender.send(lane, ids).toCompletableFuture().join();
        if (!failed.isEmpty()) {
            LOG.warnf(
                    "tickets could not be sent, their jobs go back into the backlog; lane=%s jobs=%d",
                    lane.word(), failed.size());
            store.undispatch(failed);
            return 0;
        }
        metrics.counter("longshore.feeder.fed", "lane", lane.word()).increment(ids.size());
        return ids.size();
    }

    private void reissueLost(Lane lane, LaneReading reading, long nanos) throws SQLException {
        Duration age = lost.read(lane, reading, nanos).orElse(null);
        if (age == null) {
            return;
        }
        int reissued = store.reissue(lane, age);
        if (reissued > 0) {
            LOG.warnf(
                    "tickets were lost on the road, their jobs go back into the backlog; lane=%s jobs=%d",
                    lane.word(), reissued);
            metrics.counter("longshore.tickets.reissued", "lane", lane.word()).increment(reissued);
        }
    }
}
