package dev.longshore.worker;

import dev.longshore.job.JobId;
import dev.longshore.prediction.Prediction;
import dev.longshore.prediction.PredictionStore;
import dev.longshore.worker.attempt.Persistence;
import dev.longshore.worker.attempt.Persistence.Statement;
import dev.longshore.worker.provider.prediction.Purchases;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/// Writes purchases down in the database, however long it takes to answer.
final class StoredPurchases implements Purchases {
    private static final Logger LOG = Logger.getLogger(StoredPurchases.class);

    private final PredictionStore store;
    private final Persistence persistence;

    StoredPurchases(PredictionStore store, Persistence persistence) {
        this.store = store;
        this.persistence = persistence;
    }

    @Override
    public Optional<Prediction> of(JobId job) {
        return untilDone("looking for a prediction", () -> store.open(List.of(job))).stream()
                .findFirst();
    }

    @Override
    public boolean begin(Prediction intent) {
        return untilDone("buying a prediction", () -> store.begin(intent));
    }

    @Override
    public boolean bought(JobId job, int claim, String providerId) {
        return untilDone("writing down a prediction", () -> store.bought(job, claim, providerId));
    }

    @Override
    public void over(JobId job, int claim) {
        untilDone("forgetting a prediction", () -> store.over(job, claim));
    }

    /// Asked every second, so that nothing is lost when it cannot be answered.
    @Override
    public Set<JobId> calledBack(Collection<JobId> jobs) {
        try {
            return store.calledBack(jobs);
        } catch (SQLException e) {
            LOG.debugf("callbacks could not be looked up, the next look will; cause=%s", e.getMessage());
            return Set.of();
        }
    }

    private <T> T untilDone(String doing, Statement<T> statement) {
        try {
            return persistence.untilDone(doing, statement);
        } catch (SQLException e) {
            throw new IllegalStateException(doing + " failed for its content", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(doing + " was interrupted", e);
        }
    }
}
