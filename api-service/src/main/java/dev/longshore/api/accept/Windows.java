package dev.longshore.api.accept;

import dev.longshore.lane.Lane;
import dev.longshore.road.LaneReading;
import dev.longshore.road.RoadUnavailable;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Whether a lane has room for one more ticket. The lanes are measured at the broker, and only while
/// jobs come in; what this instance has sent since is added. When the broker cannot be asked no lane has
/// room, and jobs go to the backlog.
///
/// Safe for use by many threads; [#take] never blocks.
public final class Windows {
    private static final Logger LOG = Logger.getLogger(Windows.class);

    /// A reading of all lanes costs a few broker requests; the window is large against what comes in
    /// meanwhile.
    private static final Duration READING_EVERY = Duration.ofMillis(100);

    private static final Duration RETRY_EVERY = Duration.ofSeconds(1);

    private final Lanes lanes;
    private final Map<Lane, Integer> sizes;
    private final Executor executor;
    private final Map<Lane, Tally> tallies = new EnumMap<>(Lane.class);
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile @Nullable Depths depths;
    private volatile Paces paces = Paces.NONE;
    private volatile long readAt;
    private volatile boolean failing;

    /// @param sizes how many unclaimed tickets each lane may hold
    /// @param executor runs readings, which block
    public Windows(Lanes lanes, Map<Lane, Integer> sizes, Executor executor) {
        this.lanes = lanes;
        this.sizes = new EnumMap<>(sizes);
        this.executor = executor;
        for (Lane lane : Lane.values()) {
            tallies.put(lane, new Tally());
        }
        read();
    }

    /// Takes a place on the lane. Each place taken must be followed by [#landed] or [#giveBack].
    boolean take(Lane lane) {
        readIfOld();
        Depths known = depths;
        if (known == null || known.of(lane) + tally(lane).since(known.mark(lane)) >= sizes.getOrDefault(lane, 0)) {
            return false;
        }
        tally(lane).begin();
        return true;
    }

    /// The tickets have arrived: the next reading counts them.
    void landed(Lane lane, long count) {
        tally(lane).end(count);
    }

    /// Their places are free again.
    void giveBack(Lane lane, long count) {
        tally(lane).forget(count);
    }

    /// How many unclaimed tickets are on the lane, as far as is known.
    public long depth(Lane lane) {
        Depths known = depths;
        return known == null ? 0 : known.of(lane) + tally(lane).since(known.mark(lane));
    }

    /// How many of them may be counted twice, because they were being sent while the lane was measured.
    long doubtful(Lane lane) {
        Depths known = depths;
        return known == null ? 0 : known.doubtful().getOrDefault(lane, 0L);
    }

    /// How many tickets a second the lane's workers have dealt with of late; 0 when that is not known.
    public double pace(Lane lane) {
        return paces.of(lane);
    }

    /// Whether the broker answered when it was last asked.
    public boolean roadIsOpen() {
        return depths != null;
    }

    /// Looks again if the last look is too long ago, without waiting for what it finds.
    public void readIfOld() {
        Duration patience = failing ? RETRY_EVERY : READING_EVERY;
        if (System.nanoTime() - readAt > patience.toNanos()) {
            read();
        }
    }

    private void read() {
        if (!reading.compareAndSet(false, true)) {
            return;
        }
        executor.execute(() -> {
            try {
                Map<Lane, Long> marks = new EnumMap<>(Lane.class);
                tallies.forEach((lane, tally) -> marks.put(lane, tally.mark()));
                Map<Lane, LaneReading> readings = lanes.read();
                Map<Lane, Long> doubtful = new EnumMap<>(Lane.class);
                marks.forEach((lane, mark) -> doubtful.put(lane, tally(lane).since(mark)));
                depths = new Depths(readings, marks, doubtful);
                paces = paces.next(readings, System.nanoTime());
                if (failing) {
                    LOG.info("The lanes can be read again; new jobs go onto them directly.");
                }
                failing = false;
            } catch (RoadUnavailable e) {
                depths = null;
                if (!failing) {
                    LOG.warnf(
                            "The lanes cannot be read; new jobs go to the backlog until they can. cause=%s",
                            e.getCause());
                }
                failing = true;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                readAt = System.nanoTime();
                reading.set(false);
            }
        });
    }

    private Tally tally(Lane lane) {
        return Objects.requireNonNull(tallies.get(lane), "every lane has a tally");
    }

    private record Depths(Map<Lane, LaneReading> readings, Map<Lane, Long> marks, Map<Lane, Long> doubtful) {
        long of(Lane lane) {
            LaneReading reading = readings.get(lane);
            return reading == null ? 0 : reading.unclaimed();
        }

        long mark(Lane lane) {
            return marks.getOrDefault(lane, 0L);
        }
    }
}
