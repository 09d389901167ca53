package dev.longshore.api.accept;

import dev.longshore.job.JobStore;
import dev.longshore.lane.Lane;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/// Whether a lane may take one more job at all. The backlog is counted in the database now and then, the
/// more rarely the longer the count takes; what this instance has added since is added here.
///
/// Safe for use by many threads; [#isFull] never blocks.
public final class Backlogs {
    private static final Logger LOG = Logger.getLogger(Backlogs.class);

    private static final Duration COUNT_EVERY = Duration.ofMillis(200);

    /// Counting may take this share of the time at most: one part in twenty.
    private static final int REST_PER_COUNT = 20;

    /// A count that took long because the database was away for a moment says nothing about what
    /// counting costs.
    private static final Duration LONGEST_REST = Duration.ofSeconds(10);

    private static final Duration REST_AFTER_FAILURE = Duration.ofSeconds(1);

    private static final int RECOUNTS = 20;
    private static final Duration BETWEEN_RECOUNTS = Duration.ofMillis(3);
    private static final long EXACT = 1_000;

    private final JobStore store;
    private final Windows windows;
    private final Executor counts;
    private final Map<Lane, LaneCount> lanes = new EnumMap<>(Lane.class);

    /// @param limits how many jobs may be queued on each lane
    /// @param counts runs counts, which block
    public Backlogs(JobStore store, Windows windows, Map<Lane, Long> limits, Executor counts) {
        this.store = store;
        this.windows = windows;
        this.counts = counts;
        limits.forEach((lane, limit) -> lanes.put(lane, new LaneCount(limit)));
        lanes.keySet().forEach(this::count);
    }

    /// Whether as many jobs are queued on the lane as the operator allows. What was under way while a
    /// count was taken may be in it twice; nobody is refused for that.
    boolean isFull(Lane lane) {
        LaneCount count = of(lane);
        long queued = queued(lane);
        return queued >= count.limit && queued - count.sample.doubtful() - windows.doubtful(lane) >= count.limit;
    }

    /// Jobs queued on the lane: in the backlog and on the road, as far as is known.
    public long queued(Lane lane) {
        countIfOld(lane);
        return inBacklog(lane) + windows.depth(lane);
    }

    /// Counts again if the last count is too long ago, without waiting for what it finds.
    public void countIfOld(Lane lane) {
        LaneCount count = of(lane);
        if (System.nanoTime() - count.countedAt > count.pause) {
            count(lane);
            windows.readIfOld();
        }
    }

    /// Jobs in the lane's backlog, as far as is known.
    public long inBacklog(Lane lane) {
        LaneCount count = of(lane);
        Sample sample = count.sample;
        return sample.backlog + count.tally.since(sample.mark);
    }

    /// A job is about to join the backlog. Must be followed by [#joined] or [#stayedAway].
    void joining(Lane lane) {
        of(lane).tally.begin();
    }

    void joined(Lane lane, long count) {
        of(lane).tally.end(count);
    }

    void stayedAway(Lane lane, long count) {
        of(lane).tally.forget(count);
    }

    private void count(Lane lane) {
        LaneCount count = of(lane);
        if (!count.counting.compareAndSet(false, true)) {
            return;
        }
        counts.execute(() -> {
            long from = System.nanoTime();
            boolean counted = false;
            try {
                Sample sample = sample(lane, count);
                // Small counts are cheap and small limits are noticed, so they are worth getting exactly.
                for (int more = 0; more < RECOUNTS && sample.doubtful() > 0 && sample.backlog() < EXACT; more++) {
                    Thread.sleep(BETWEEN_RECOUNTS);
                    sample = sample(lane, count);
                }
                count.sample = sample;
                counted = true;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (SQLException e) {
                LOG.debugf(e, "The backlog could not be counted; the last count stands. lane=%s", lane.word());
            } finally {
                long now = System.nanoTime();
                count.pause = counted
                        ? Math.clamp(REST_PER_COUNT * (now - from), COUNT_EVERY.toNanos(), LONGEST_REST.toNanos())
                        : REST_AFTER_FAILURE.toNanos();
                count.countedAt = now;
                count.counting.set(false);
            }
        });
    }

    private Sample sample(Lane lane, LaneCount count) throws SQLException {
        long mark = count.tally.mark();
        long backlog = store.backlog(lane, count.limit);
        return new Sample(backlog, mark, count.tally.since(mark));
    }

    private LaneCount of(Lane lane) {
        return Objects.requireNonNull(lanes.get(lane), "every lane has a limit");
    }

    /// @param doubtful how many jobs were under way, and may be counted both here and since the mark
    private record Sample(long backlog, long mark, long doubtful) {}

    private static final class LaneCount {
        final long limit;
        final Tally tally = new Tally();
        final AtomicBoolean counting = new AtomicBoolean();
        volatile Sample sample = new Sample(0, 0, 0);
        volatile long countedAt;
        volatile long pause = COUNT_EVERY.toNanos();

        LaneCount(long limit) {
            this.limit = limit;
        }
    }
}
