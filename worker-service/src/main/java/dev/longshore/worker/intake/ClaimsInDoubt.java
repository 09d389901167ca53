package dev.longshore.worker.intake;

import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.Claim;
import dev.longshore.worker.slots.RunningAttempts;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/// What to do when a claim was sent and its answer never came. It may have taken effect, and then its jobs
/// are this worker's without its knowing, and nobody else's as long as its lease lives. So the database is
/// asked which jobs this worker holds, and what of them does not run here is found.
///
/// It is asked again for a while: the server may still have been at work on the claim when the connection
/// broke.
///
/// For the thread that claims, and no other: no claim may be under way while the question is asked.
final class ClaimsInDoubt {
    private static final Logger LOG = Logger.getLogger(ClaimsInDoubt.class);

    /// Longer than a statement may run in the server, which ends those of clients that are gone.
    static final Duration LONGEST_DOUBT = Duration.ofSeconds(30);

    /// Each look reads all that runs here, so there are few.
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    private final JobStore store;
    private final RunningAttempts running;
    private boolean inDoubt;
    private long doubtedNanos;
    private long nextLookNanos;

    ClaimsInDoubt(JobStore store, RunningAttempts running) {
        this.store = store;
        this.running = running;
    }

    /// A claim has failed, and it is not known whether it took effect.
    ///
    /// @param nanos the monotonic time
    void arose(long nanos) {
        inDoubt = true;
        doubtedNanos = nanos;
        nextLookNanos = nanos;
    }

    /// How long until [#lookIfDue] has something to do; negative or zero when it has now, and
    /// [Long#MAX_VALUE] while there is no doubt.
    long untilNextLook(long nanos) {
        return inDoubt ? nextLookNanos - nanos : Long.MAX_VALUE;
    }

    /// Asks no more about what has been in doubt so far.
    void forget() {
        inDoubt = false;
    }

    /// Asks, if it is time to.
    ///
    /// @return the jobs that this worker holds and does not run: they must be run or handed back now
    List<ClaimedJob> lookIfDue(int workerId, long nanos) throws SQLException {
        if (untilNextLook(nanos) > 0) {
            return List.of();
        }
        // Before the question: what ends between the two was known here.
        Set<Claim> known = running.claims();
        List<ClaimedJob> unknown = store.claimedBy(workerId).stream()
                .filter(job -> !known.contains(new Claim(job.id(), job.epoch())))
                .toList();
        if (!unknown.isEmpty()) {
            LOG.warnf("claims whose answer never came were found; worker=%d jobs=%d", workerId, unknown.size());
        }
        inDoubt = nanos - doubtedNanos < LONGEST_DOUBT.toNanos();
        nextLookNanos = nanos + BETWEEN_LOOKS.toNanos();
        return unknown;
    }
}
