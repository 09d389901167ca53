package dev.longshore.worker.lifecycle;

import dev.longshore.lease.ChoreLease;
import dev.longshore.provider.TokenCountErrors;
import dev.longshore.road.RoadTopics;
import dev.longshore.road.RoadUnavailable;
import dev.longshore.worker.attempt.CountCheck;
import dev.longshore.worker.delivery.SwitchOff;
import dev.longshore.worker.rescue.Abandoned;
import dev.longshore.worker.rescue.Rescuer;
import dev.longshore.worker.retention.Retention;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.clients.admin.Admin;
import org.jboss.logging.Logger;

/// When the chores are run; what they do stands in their own rooms.
@ApplicationScoped
public class Chores {
    private static final Logger LOG = Logger.getLogger(Chores.class);

    private final ChoreLease lease;
    private final Rescuer rescuer;
    private final Abandoned abandoned;
    private final SwitchOff switchOff;
    private final Retention retention;
    private final CountCheck counts;
    private final TokenCountErrors countErrors;
    private final Admin kafka;
    private final InstantSource clock;

    public Chores(
            ChoreLease lease,
            Rescuer rescuer,
            Abandoned abandoned,
            SwitchOff switchOff,
            Retention retention,
            CountCheck counts,
            TokenCountErrors countErrors,
            Admin kafka,
            InstantSource clock) {
        this.lease = lease;
        this.rescuer = rescuer;
        this.abandoned = abandoned;
        this.switchOff = switchOff;
        this.retention = retention;
        this.counts = counts;
        this.countErrors = countErrors;
        this.kafka = kafka;
        this.clock = clock;
    }

    @Scheduled(every = "2s", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void rescue() {
        run("rescuer", Duration.ofSeconds(5), rescuer::runOnce);
    }

    @Scheduled(every = "10s", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void giveUp() {
        run("abandoned", Duration.ofSeconds(60), abandoned::runOnce);
    }

    @Scheduled(every = "15s", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void endNotices() {
        run("notices-to-nobody", Duration.ofSeconds(60), switchOff::runOnce);
    }

    @Scheduled(every = "10m", delayed = "30s", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void forget() {
        run("retention", Duration.ofMinutes(15), () -> {
            retention.runOnce(clock.instant());
            return 0;
        });
    }

    /// Each worker its own, so that no lease is asked for.
    @Scheduled(every = "10s", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void writeCounts() {
        try {
            counts.write(countErrors);
        } catch (SQLException e) {
            LOG.debugf("errors of our token counts could not be written down; cause=%s", e.getMessage());
        }
    }

    /// Again and again, since topics can be deleted while we run; where they exist it is one question to
    /// the broker.
    @Scheduled(every = "15s", delayed = "15s", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void keepTopics() throws InterruptedException {
        try {
            RoadTopics.ensure(kafka);
        } catch (RoadUnavailable e) {
            LOG.debugf("the topics could not be looked after, the next turn will try again; cause=%s", e.getCause());
        }
    }

    @FunctionalInterface
    private interface Chore {
        int run() throws SQLException;
    }

    private void run(String name, Duration hold, Chore chore) {
        try {
            if (lease.hold(name, hold)) {
                chore.run();
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warnf("a chore failed, its next turn will try again; chore=%s cause=%s", name, e.getMessage());
        }
    }
}
