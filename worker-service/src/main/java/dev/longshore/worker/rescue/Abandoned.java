package dev.longshore.worker.rescue;

import dev.longshore.job.ForsakenCall;
import dev.longshore.job.JobStore;
import dev.longshore.money.Usd;
import dev.longshore.prediction.Prediction;
import dev.longshore.prediction.PredictionStore;
import dev.longshore.worker.provider.Route;
import dev.longshore.worker.provider.Routes;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;

/// Gives up predictions whose job has ended while no worker waited for them: they go on costing money, and nobody
/// else would tell their provider. What they may have cost is held on an attempt of their own. Each is told of
/// once.
public final class Abandoned {
    private static final Logger LOG = Logger.getLogger(Abandoned.class);

    /// A provider that hangs takes two seconds each.
    private static final int LARGEST_STEP = 20;

    private final PredictionStore predictions;
    private final JobStore store;
    private final Routes routes;
    private final IntSupplier workerId;
    private final int shard;

    /// @param workerId this worker's number now
    /// @param shard which row of each usage total to add to
    public Abandoned(PredictionStore predictions, JobStore store, Routes routes, IntSupplier workerId, int shard) {
        this.predictions = predictions;
        this.store = store;
        this.routes = routes;
        this.workerId = workerId;
        this.shard = shard;
    }

    /// @return how many
    public int runOnce() throws SQLException {
        List<PredictionStore.Abandoned> abandoned = predictions.abandoned(LARGEST_STEP);
        for (PredictionStore.Abandoned one : abandoned) {
            giveUp(one.prediction(), one.inputBytes());
        }
        return abandoned.size();
    }

    /// Booked first: what is done twice after a crash is the harmless half.
    private void giveUp(Prediction prediction, int inputBytes) throws SQLException {
        Optional<Map.Entry<String, Route>> asked = routes.byModel().entrySet().stream()
                .filter(entry -> prediction.isOf(
                        entry.getValue().provider(), entry.getValue().model()))
                .findFirst();
        if (prediction.providerId() != null) {
            store.book(
                    new ForsakenCall(
                            prediction.job(),
                            prediction.epoch(),
                            workerId.getAsInt(),
                            prediction.provider(),
                            asked.map(Map.Entry::getKey).orElse(prediction.model()),
                            prediction.submittedAt(),
                            prediction.providerId(),
                            asked.map(entry -> entry.getValue().most(inputBytes))
                                    .orElse(Usd.ZERO)),
                    shard);
        }
        if (predictions.giveUp(prediction)) {
            LOG.infof(
                    "a prediction that nobody wants any more is cancelled, its cost is held; job=%s prediction=%s",
                    prediction.job(), prediction.providerId());
            asked.ifPresent(entry -> entry.getValue().dialect().giveUp(prediction));
        }
    }
}
