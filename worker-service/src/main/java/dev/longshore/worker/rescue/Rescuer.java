package dev.longshore.worker.rescue;

import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Settlement.HandBack;
import dev.longshore.job.Verdict;
import dev.longshore.worker.attempt.Attempts;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/// Finds jobs whose worker's lease has run out and judges them as attempts of unknown outcome, but for those whose
/// call goes on without us. Two rescuers at once do no harm: the epoch lets only one verdict through.
public final class Rescuer {
    private static final Logger LOG = Logger.getLogger(Rescuer.class);

    /// Inputs come along, so that what a lost call may have cost can be told; this many of them are held
    /// at once.
    private static final int LARGEST_STEP = 200;

    private final JobStore store;
    private final Resumable resumable;
    private final Attempts attempts;
    private final MeterRegistry metrics;
    private final int shard;

    /// @param shard which row of each usage total to add to
    public Rescuer(JobStore store, Resumable resumable, Attempts attempts, MeterRegistry metrics, int shard) {
        this.store = store;
        this.resumable = resumable;
        this.attempts = attempts;
        this.metrics = metrics;
        this.shard = shard;
    }

    /// Rescues what there is to rescue now.
    ///
    /// @return how many jobs
    public int runOnce() throws SQLException {
        int rescued = 0;
        List<ClaimedJob> orphans = store.orphans(LARGEST_STEP);
        while (!orphans.isEmpty()) {
            Set<JobId> resumed = resumable.of(orphans);
            List<Verdict> verdicts = orphans.stream()
                    .map(job -> resumed.contains(job.id()) ? goesOn(job) : attempts.lost(job))
                    .toList();
            int applied = store.settle(verdicts, shard).size();
            rescued += applied;
            // Another rescuer may be ahead of us; then there is nothing left to do here.
            orphans = applied > 0 && orphans.size() == LARGEST_STEP ? store.orphans(LARGEST_STEP) : List.of();
        }
        if (rescued > 0) {
            LOG.warnf("jobs of workers that are gone were rescued; jobs=%d", rescued);
            metrics.counter("longshore.jobs.rescued").increment(rescued);
        }
        return rescued;
    }

    /// No call was lost, so none is recorded and none is charged: the one that was made goes on.
    private static Verdict goesOn(ClaimedJob job) {
        return new Verdict(job, new HandBack("worker_lost", false), null);
    }
}
