package dev.longshore.worker.provider.prediction;

import dev.longshore.job.JobId;
import dev.longshore.prediction.Prediction;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Purchases in memory, fenced as those in the database are; it can die where a worker can.
final class PaperPurchases implements Purchases {
    private final Map<JobId, Prediction> rows = new ConcurrentHashMap<>();
    private final Set<JobId> called = ConcurrentHashMap.newKeySet();
    private volatile int holder = 1;
    private volatile boolean dying;

    /// The job goes to the next claim.
    void heldBy(int claim) {
        holder = claim;
        dying = false;
    }

    /// The worker dies when it is about to write down what it has bought.
    void dieWhenBought() {
        dying = true;
    }

    void put(Prediction prediction) {
        rows.put(prediction.job(), prediction);
    }

    void callBack(JobId job) {
        called.add(job);
    }

    @Override
    public Optional<Prediction> of(JobId job) {
        return Optional.ofNullable(rows.get(job));
    }

    @Override
    public boolean begin(Prediction intent) {
        if (intent.epoch() != holder) {
            return false;
        }
        rows.put(intent.job(), intent);
        return true;
    }

    @Override
    public boolean bought(JobId job, int claim, String providerId) {
        if (dying) {
            throw new IllegalStateException("killed");
        }
        return claim == holder && rows.computeIfPresent(job, (_, row) -> row.bought(providerId)) != null;
    }

    @Override
    public void over(JobId job, int claim) {
        if (claim == holder) {
            rows.remove(job);
        }
    }

    @Override
    public Set<JobId> calledBack(Collection<JobId> jobs) {
        Set<JobId> found = new HashSet<>(called);
        found.retainAll(jobs);
        called.removeAll(found);
        return found;
    }
}
