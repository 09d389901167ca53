package dev.longshore.worker.retention;

import dev.longshore.job.Partitions;
import dev.longshore.prediction.PredictionStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/// Makes room ahead and forgets behind: partitions of days to come and of days past retention, expired
/// idempotency keys, workers that are long gone, purchases of jobs that are over.
public final class Retention {
    private static final Logger LOG = Logger.getLogger(Retention.class);

    /// Rows forgotten in one statement: a long delete holds up vacuum for everybody.
    private static final int LARGEST_BITE = 5_000;

    // A key may still be looked at by a request that lost to it a moment ago; a minute more costs nothing.
    private static final String FORGET_KEYS = """
            DELETE FROM idempotency_key
             WHERE (tenant_id, key) IN (SELECT tenant_id, key
                                          FROM idempotency_key
                                         WHERE expires_at < now() - interval '1 minute'
                                         ORDER BY expires_at
                                         LIMIT ?)
            """;

    private static final String FORGET_WORKERS = """
            DELETE FROM worker
             WHERE lease_until < now() - interval '1 day'
               AND worker_id IN (SELECT worker_id FROM worker ORDER BY lease_until LIMIT ?)
            """;

    private final DataSource database;
    private final Partitions partitions;
    private final PredictionStore predictions;
    private final Duration keepJobs;

    public Retention(DataSource database, Duration keepJobs) {
        this.database = database;
        this.partitions = new Partitions(database);
        this.predictions = new PredictionStore(database);
        this.keepJobs = keepJobs;
    }

    /// Does all of it once.
    public void runOnce(Instant now) throws SQLException {
        partitions.makeAhead(now);
        List<LocalDate> dropped = partitions.dropBefore(now.minus(keepJobs));
        if (!dropped.isEmpty()) {
            LOG.infof("jobs past retention were forgotten; days=%s", dropped);
        }
        while (bite(FORGET_KEYS) == LARGEST_BITE) {
            LOG.debug("more expired idempotency keys are left");
        }
        bite(FORGET_WORKERS);
        while (predictions.forgetOver(LARGEST_BITE) == LARGEST_BITE) {
            LOG.debug("more predictions of jobs that are over are left");
        }
    }

    private int bite(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, LARGEST_BITE);
            return statement.executeUpdate();
        }
    }
}
