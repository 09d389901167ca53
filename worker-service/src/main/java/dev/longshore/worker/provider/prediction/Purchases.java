package dev.longshore.worker.provider.prediction;

import dev.longshore.job.JobId;
import dev.longshore.prediction.Prediction;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// Where purchases are written down; see `PredictionStore`. Each takes until the database has answered: a purchase
/// that is not written down may be lost.
public interface Purchases {
    /// What is bought, or about to be bought, for a job.
    Optional<Prediction> of(JobId job);

    /// @return false when the job is another's by now
    boolean begin(Prediction intent);

    /// @return false when the job is another's by now
    boolean bought(JobId job, int claim, String providerId);

    /// The next attempt buys another.
    void over(JobId job, int claim);

    /// Those of the jobs whose provider has called back; none when that cannot be said now.
    Set<JobId> calledBack(Collection<JobId> jobs);
}
