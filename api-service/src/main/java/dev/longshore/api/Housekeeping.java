package dev.longshore.api;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.longshore.api.accept.Acceptor;
import dev.longshore.api.access.FirstKey;
import dev.longshore.job.Partitions;
import dev.longshore.road.EventFeed;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// What has to be there before the first request, and is looked after from then on.
@Singleton
final class Housekeeping {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);

    private final DataSource database;
    private final Partitions partitions;
    private final InstantSource clock;
    private final TimeOrderedEpochFactory ids;
    private final Optional<String> firstKey;

    Housekeeping(
            DataSource database,
            Partitions partitions,
            InstantSource clock,
            TimeOrderedEpochFactory ids,
            @ConfigProperty(name = "LONGSHORE_BOOTSTRAP_KEY") Optional<String> firstKey) {
        this.database = database;
        this.partitions = partitions;
        this.clock = clock;
        this.ids = ids;
        this.firstKey = firstKey;
    }

    void begin(@Observes StartupEvent event, Acceptor acceptor, EventFeed feed) throws SQLException {
        partitions.makeAhead(clock.instant());
        if (firstKey.isPresent()) {
            FirstKey.ensure(database, firstKey.get(), ids.create());
        }
        // Asking for the acceptor has it made now, so that the first job finds it measured and running.
        LOG.infof("Jobs are accepted. acceptor=%s", acceptor.getClass().getSimpleName());
        LOG.debugf("Events can be followed. feed=%s", feed.state());
    }

    /// A job whose day has no partition cannot be accepted.
    @Scheduled(every = "1h", delayed = "1h")
    void makePartitions() {
        try {
            partitions.makeAhead(clock.instant());
        } catch (SQLException e) {
            LOG.warn(
                    "Partitions could not be made ahead; there are some for days to come, and the next try is in an hour.",
                    e);
        }
    }
}
