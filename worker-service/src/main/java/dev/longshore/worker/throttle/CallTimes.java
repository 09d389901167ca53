package dev.longshore.worker.throttle;

import dev.longshore.provider.LatencyBuckets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How long calls of one model take, by how much they ask for, and how long to wait for one therefore.
///
/// Calls are sorted by the size of their input and of the longest answer they allow, each to the next power of four;
/// each class keeps a histogram that forgets by halving. A call may take three times what all but one in two hundred of
/// its class took; a class that is too small to say borrows from all calls of the model.
///
/// Safe for use by many threads.
final class CallTimes {
    /// Below this a histogram says nothing about one in two hundred.
    private static final int ENOUGH = 200;

    /// Above this it is halved, so that it follows the provider.
    private static final int PLENTY = 4_000;

    private static final double ALMOST_ALL = 0.995;
    private static final int MARGIN = 3;

    /// The class of all calls.
    private static final int ALL = -1;

    private static final class Histogram {
        final long[] counts = new long[LatencyBuckets.COUNT];
        long sum;

        void add(Duration took) {
            counts[LatencyBuckets.of(took)]++;
            sum++;
            if (sum > PLENTY) {
                sum = 0;
                for (int i = 0; i < counts.length; i++) {
                    counts[i] /= 2;
                    sum += counts[i];
                }
            }
        }
    }

    private final Map<Integer, Histogram> classes = new HashMap<>();

    /// A call has ended, or was given up after that time.
    synchronized void took(Load asked, Duration time) {
        classes.computeIfAbsent(classOf(asked), _ -> new Histogram()).add(time);
        classes.computeIfAbsent(ALL, _ -> new Histogram()).add(time);
    }

    /// How long to wait for a call.
    ///
    /// @param timeouts how many calls of the job have been given up; each doubles the time
    /// @param least never shorter than this
    /// @param most never longer than this; also the answer while too little is known
    synchronized Duration patience(Load asked, int timeouts, Duration least, Duration most) {
        Histogram known = known(asked);
        if (known == null) {
            return most;
        }
        Duration usual = LatencyBuckets.percentile(known.counts, ALMOST_ALL).multipliedBy(MARGIN);
        Duration longer = usual.compareTo(least) > 0 ? usual : least;
        Duration again = longer.multipliedBy(1L << Math.clamp(timeouts, 0, 10));
        return again.compareTo(most) < 0 ? again : most;
    }

    private @Nullable Histogram known(Load asked) {
        Histogram own = classes.get(classOf(asked));
        if (own != null && own.sum >= ENOUGH) {
            return own;
        }
        Histogram all = classes.get(ALL);
        // Calls of another size may be far quicker than this one: only a size that was seen before can borrow.
        return own != null && own.sum > 0 && all != null && all.sum >= ENOUGH ? all : null;
    }

    private static int classOf(Load asked) {
        return powerOfFour(asked.inputTokens()) * 16 + powerOfFour(asked.outputTokens());
    }

    private static int powerOfFour(int tokens) {
        return (Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, tokens)) + 1) / 2;
    }
}
