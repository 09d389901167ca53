package dev.longshore.worker.dispatch;

import dev.longshore.lease.ChoreLease;
import dev.longshore.worker.dispatch.Feeder.Next;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Turns the feeder: at once while there is work, less and less often while there is none, and not at all
/// while another worker holds the chore.
public final class FeederLoop {
    private static final Logger LOG = Logger.getLogger(FeederLoop.class);

    private static final String CHORE = "feeder";

    /// A holder that dies leaves the lanes unfed for this long.
    private static final Duration HOLD = Duration.ofSeconds(3);

    private static final Duration RENEW = Duration.ofSeconds(1);

    /// Fast workers empty a part of the window worth feeding in about this time. To look costs the broker a few
    /// requests.
    private static final long BREATH_MILLIS = 20;

    /// What `run_at` and back-off are late by at most, beside the work itself.
    private static final long IDLE_MILLIS = 100;

    private final Feeder feeder;
    private final ChoreLease lease;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private long heldSinceNanos;
    private boolean holding;

    public FeederLoop(Feeder feeder, ChoreLease lease) {
        this.feeder = feeder;
        this.lease = lease;
        thread = Thread.ofPlatform().name("feeder").daemon().start(this::turn);
    }

    /// Finishes the step under way, then stops.
    public void stop() throws InterruptedException {
        closed.countDown();
        thread.join(TimeUnit.SECONDS.toMillis(10));
    }

    private void turn() {
        long pause = 0;
        try {
            while (!closed.await(pause, TimeUnit.MILLISECONDS)) {
                pause = switch (step()) {
                    case AT_ONCE -> 0;
                    case SOON -> BREATH_MILLIS;
                    case LATER -> Math.clamp(2 * pause, BREATH_MILLIS, IDLE_MILLIS);
                };
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Next step() throws InterruptedException {
        try {
            long now = System.nanoTime();
            if (!holding || now - heldSinceNanos > RENEW.toNanos()) {
                holding = lease.hold(CHORE, HOLD);
                heldSinceNanos = now;
            }
            return holding ? feeder.runOnce(now) : Next.LATER;
        } catch (SQLException | RuntimeException e) {
            LOG.warnf("the lanes could not be fed, the next turn will try again; cause=%s", e.getMessage());
            holding = false;
            return Next.LATER;
        }
    }
}
