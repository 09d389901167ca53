package dev.longshore.worker.lifecycle;

import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.worker.attempt.Recorder;
import dev.longshore.worker.delivery.Deliverer;
import dev.longshore.worker.dispatch.FeederLoop;
import dev.longshore.worker.intake.Intake;
import dev.longshore.worker.slots.RunningAttempts;
import dev.longshore.worker.throttle.ThrottleExchange;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// The order in which a worker stops: no new claims; running attempts get the drain time; what still runs then is
/// stopped and handed back; everything is recorded; only then does the worker leave. Deliveries to webhooks have
/// the same drain time.
public final class WorkerLife {
    private static final Logger LOG = Logger.getLogger(WorkerLife.class);

    private static final Duration LOOK = Duration.ofMillis(50);

    /// Stopped attempts only have to be recorded, which takes a moment unless the database is away.
    private static final Duration AFTER_STOP = Duration.ofSeconds(5);

    private final Intake intake;
    private final FeederLoop feeder;
    private final Deliverer deliverer;
    private final RunningAttempts running;
    private final Recorder recorder;
    private final ThrottleExchange exchange;
    private final Membership membership;
    private final Duration drain;

    public WorkerLife(
            Intake intake,
            FeederLoop feeder,
            Deliverer deliverer,
            RunningAttempts running,
            Recorder recorder,
            ThrottleExchange exchange,
            Membership membership,
            Duration drain) {
        this.intake = intake;
        this.feeder = feeder;
        this.deliverer = deliverer;
        this.running = running;
        this.recorder = recorder;
        this.exchange = exchange;
        this.membership = membership;
        this.drain = drain;
    }

    /// Stops without harm. Takes as long as the longest running attempt, or the drain time and a little.
    public void stop() throws InterruptedException {
        long end = System.nanoTime() + drain.toNanos();
        LOG.infof("draining; running=%d within=%ds", running.count(), drain.toSeconds());
        intake.stop();
        feeder.stop();
        deliverer.stopClaiming();
        membership.drain();
        if (!allEndedWithin(drain)) {
            int stopped = running.stopAll(Interruption.DRAIN);
            LOG.infof("the drain time is over, attempts are handed back; stopped=%d", stopped);
            allEndedWithin(AFTER_STOP);
        }
        recorder.stop();
        deliverer.finish(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        exchange.stop();
        membership.close();
        LOG.infof("drained; left=%d", running.count());
    }

    private boolean allEndedWithin(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        while (running.count() > 0 && System.nanoTime() < end) {
            never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
        return running.count() == 0;
    }
}
