package dev.longshore.worker;

import dev.longshore.job.Partitions;
import dev.longshore.road.RoadTopics;
import dev.longshore.road.RoadUnavailable;
import dev.longshore.worker.delivery.Deliverer;
import dev.longshore.worker.lifecycle.Membership;
import dev.longshore.worker.lifecycle.WorkerLife;
import dev.longshore.worker.throttle.ThrottleExchange;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.jboss.logging.Logger;

/// What happens at the two ends of the process.
@ApplicationScoped
public class Startup {
    private static final Logger LOG = Logger.getLogger(Startup.class);

    private final DataSource database;
    private final Admin kafka;
    private final Membership membership;
    private final ThrottleExchange exchange;
    private final Deliverer deliverer;
    private final WorkerLife life;
    private final InstantSource clock;

    public Startup(
            DataSource database,
            Admin kafka,
            Membership membership,
            ThrottleExchange exchange,
            Deliverer deliverer,
            WorkerLife life,
            InstantSource clock) {
        this.database = database;
        this.kafka = kafka;
        this.membership = membership;
        this.exchange = exchange;
        this.deliverer = deliverer;
        this.life = life;
        this.clock = clock;
    }

    /// Before the lanes' consumers are started, so that they find their topics.
    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event)
            throws SQLException, InterruptedException {
        new Partitions(database).makeAhead(clock.instant());
        try {
            RoadTopics.ensure(kafka);
        } catch (RoadUnavailable e) {
            LOG.warnf(
                    "Kafka is away, jobs wait in the backlog and the topics are made when it is there; cause=%s",
                    e.getCause());
        }
        membership.start();
        exchange.start();
        deliverer.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        life.stop();
    }
}
