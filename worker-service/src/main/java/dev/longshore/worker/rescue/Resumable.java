package dev.longshore.worker.rescue;

import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobId;
import dev.longshore.prediction.Prediction;
import dev.longshore.prediction.PredictionStore;
import dev.longshore.worker.provider.Routes;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Knows which lost jobs have a prediction that goes on at the provider: it is paid for, and the next claim waits for
/// it.
public final class Resumable {
    /// A job that takes so many workers down with it is charged for it, like any other.
    private static final int MOST_CLAIMS = 20;

    private final PredictionStore predictions;
    private final Routes routes;

    public Resumable(PredictionStore predictions, Routes routes) {
        this.predictions = predictions;
        this.routes = routes;
    }

    /// Those of the jobs whose next claim will find what this one has bought.
    public Set<JobId> of(List<ClaimedJob> lost) throws SQLException {
        List<JobId> ids = lost.stream().map(ClaimedJob::id).toList();
        if (ids.isEmpty()) {
            return Set.of();
        }
        Map<JobId, Prediction> open =
                predictions.open(ids).stream().collect(Collectors.toMap(Prediction::job, Function.identity()));
        Set<JobId> resumable = new HashSet<>();
        for (ClaimedJob job : lost) {
            Prediction prediction = open.get(job.id());
            if (prediction != null && isFound(prediction, job)) {
                resumable.add(job.id());
            }
        }
        return resumable;
    }

    private boolean isFound(Prediction prediction, ClaimedJob job) {
        return prediction.providerId() != null
                && job.epoch() - prediction.epoch() < MOST_CLAIMS
                && routes.of(job.model())
                        .filter(route -> prediction.isOf(route.provider(), route.model()))
                        .isPresent();
    }
}
