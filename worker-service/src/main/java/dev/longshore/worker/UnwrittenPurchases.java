package dev.longshore.worker;

import dev.longshore.job.JobId;
import dev.longshore.prediction.Prediction;
import dev.longshore.worker.provider.prediction.Purchases;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// For a call that nobody would make up for: nothing is written down.
final class UnwrittenPurchases implements Purchases {
    @Override
    public Optional<Prediction> of(JobId job) {
        return Optional.empty();
    }

    @Override
    public boolean begin(Prediction intent) {
        return true;
    }

    @Override
    public boolean bought(JobId job, int claim, String providerId) {
        return true;
    }

    @Override
    public void over(JobId job, int claim) {
        // Nothing was written down.
    }

    @Override
    public Set<JobId> calledBack(Collection<JobId> jobs) {
        return Set.of();
    }
}
