package dev.longshore.worker.delivery;

import dev.longshore.job.GroupPace;
import dev.longshore.worker.delivery.DeliveryBook.Written;
import dev.longshore.worker.delivery.Ruling.GivenUp;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/// Writes ends of tries down, in groups: whatever has gathered since the last transaction began goes into the next. A
/// database that is away is waited for. If it stays away longer than the claims, those calls are made again.
final class DeliveryRecorder {
    private static final Logger LOG = Logger.getLogger(DeliveryRecorder.class);

    private static final int LARGEST_GROUP = 500;

    private final Storing storing;
    private final SwitchOff switchOff;
    private final DeliveryMeter meter;
    private final Consumer<List<Done>> written;
    private final BlockingQueue<Done> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closing;

    /// Writes a group, however long it takes.
    @FunctionalInterface
    interface Storing {
        /// @throws SQLException when the database will never take it
        Written write(List<Done> group) throws SQLException, InterruptedException;
    }

    /// @param written is told of each group that is over, whether or not it could be stored
    DeliveryRecorder(Storing storing, SwitchOff switchOff, DeliveryMeter meter, Consumer<List<Done>> written) {
        this.storing = storing;
        this.switchOff = switchOff;
        this.meter = meter;
        this.written = written;
        thread = Thread.ofPlatform().name("delivery-recorder").daemon().start(this::writeUntilClosed);
    }

    /// Queues an end. The queue needs no bound of its own: each entry keeps its place among the calls in flight.
    void record(Done done) {
        queue.add(done);
    }

    /// Writes what is queued, then stops.
    void stop() throws InterruptedException {
        closing = true;
        thread.join(TimeUnit.SECONDS.toMillis(10));
    }

    private void writeUntilClosed() {
        GroupPace pace = new GroupPace(System::nanoTime);
        try {
            while (true) {
                pace.await();
                Done first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    List<Done> group = new ArrayList<>();
                    group.add(first);
                    queue.drainTo(group, LARGEST_GROUP - 1);
                    pace.begin(group.size());
                    write(group);
                    written.accept(group);
                } else if (closing) {
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<Done> group) throws InterruptedException {
        try {
            Written result = storing.write(group);
            meter.written(result);
            act(group, result.hopeless());
        } catch (SQLException | RuntimeException e) {
            // Whatever it is: without this thread no delivery would ever end.
            if (group.size() > 1) {
                for (Done done : group) {
                    write(List.of(done));
                }
                return;
            }
            LOG.errorf(
                    e,
                    "the end of a delivery cannot be stored, it is made again when its claim ends; notice=%s",
                    group.getFirst().notice().id());
        }
    }

    /// What is missed here is done after the next failure, or by the sweep.
    private void act(List<Done> group, List<UUID> hopeless) {
        Set<UUID> gone = new LinkedHashSet<>();
        for (Done done : group) {
            UUID endpoint = done.notice().endpointId();
            if (endpoint != null && done.ruling() instanceof GivenUp givenUp && givenUp.gone()) {
                gone.add(endpoint);
            }
        }
        try {
            for (UUID endpoint : gone) {
                switchOff.gone(endpoint);
            }
            for (UUID endpoint : hopeless) {
                switchOff.hopeless(endpoint);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warnf("endpoints could not be disabled, their next failure tries again; cause=%s", e.getMessage());
        }
    }
}
