package dev.longshore.api.watch;

import dev.longshore.job.JobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/// Waits for jobs to end. All waiters of an instance share one look at the database at a time, and there
/// is none while nobody waits.
///
/// Safe for use by many threads.
public final class JobWatch {
    private static final Logger LOG = Logger.getLogger(JobWatch.class);

    /// How many callers may wait at once; whoever comes then is answered at once.
    public static final int MOST_WAITERS = 10_000;

    private static final Duration LOOK_EVERY = Duration.ofMillis(30);

    /// After a look that failed, so that a database that is away is not asked in a circle.
    private static final Duration REST = Duration.ofMillis(500);

    // A job without a row here is over, or gone.
    private static final String STILL_OPEN = """
            SELECT r.job_id
              FROM unnest(?::uuid[]) AS watched (job_id)
             CROSS JOIN LATERAL (SELECT job_id FROM job_run WHERE job_id = watched.job_id OFFSET 0) AS r
            """;

    private final DataSource database;
    private final Executor looks;
    private final Map<UUID, List<CompletableFuture<Boolean>>> waiters = new HashMap<>();
    private int count;
    private boolean looking;

    /// @param looks runs the looks at the database, which block
    public JobWatch(DataSource database, Executor looks) {
        this.database = database;
        this.looks = looks;
    }

    /// Waits until the job is over.
    ///
    /// @return completes with whether it is over by then: false when the time has passed; cancelling it
    ///     frees the place. Empty when too many are waiting already
    public Optional<CompletableFuture<Boolean>> await(JobId job, Duration atMost) {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        synchronized (waiters) {
            if (count >= MOST_WAITERS) {
                return Optional.empty();
            }
            count++;
            waiters.computeIfAbsent(job.uuid(), _ -> new ArrayList<>(1)).add(over);
            if (!looking) {
                looking = true;
                looks.execute(this::lookWhileSomebodyWaits);
            }
        }
        over.completeOnTimeout(false, atMost.toMillis(), TimeUnit.MILLISECONDS);
        over.whenComplete((_, _) -> leave(job.uuid(), over));
        return Optional.of(over);
    }

    /// How many callers are waiting.
    public int waiting() {
        synchronized (waiters) {
            return count;
        }
    }

    private void leave(UUID job, CompletableFuture<Boolean> waiter) {
        synchronized (waiters) {
            List<CompletableFuture<Boolean>> ofJob = waiters.get(job);
            if (ofJob != null && ofJob.remove(waiter)) {
                count--;
                if (ofJob.isEmpty()) {
                    waiters.remove(job);
                }
            }
        }
    }

    private void lookWhileSomebodyWaits() {
        try {
            while (true) {
                UUID[] watched;
                synchronized (waiters) {
                    if (waiters.isEmpty()) {
                        looking = false;
                        return;
                    }
                    watched = waiters.keySet().toArray(UUID[]::new);
                }
                Thread.sleep(look(watched) ? LOOK_EVERY : REST);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            synchronized (waiters) {
                looking = false;
            }
        }
    }

    private boolean look(UUID[] watched) {
        try {
            Set<UUID> open = stillOpen(watched);
            for (UUID job : watched) {
                if (!open.contains(job)) {
                    release(job);
                }
            }
            return true;
        } catch (SQLException e) {
            LOG.debugf(e, "The watched jobs could not be looked at; looking again soon. jobs=%d", watched.length);
            return false;
        }
    }

    private Set<UUID> stillOpen(UUID[] watched) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(STILL_OPEN)) {
            statement.setArray(1, connection.createArrayOf("uuid", watched));
            Set<UUID> open = HashSet.newHashSet(watched.length);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    open.add(row.getObject(1, UUID.class));
                }
            }
            return open;
        }
    }

    private void release(UUID job) {
        List<CompletableFuture<Boolean>> released;
        synchronized (waiters) {
            List<CompletableFuture<Boolean>> ofJob = waiters.get(job);
            released = ofJob == null ? List.of() : List.copyOf(ofJob);
        }
        released.forEach(waiter -> waiter.complete(true));
    }
}
