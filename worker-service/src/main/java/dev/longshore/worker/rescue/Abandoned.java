package dev.longshore.worker.rescue;

import dev.longshore.prediction.Prediction;
import dev.longshore.prediction.PredictionStore;
import dev.longshore.worker.provider.Routes;
import java.sql.SQLException;
import java.util.List;
import org.jboss.logging.Logger;

/// Gives up predictions whose job was cancelled or has failed while no worker had it: they go on costing money, and
/// nobody else would tell their provider. Each is tried once.
public final class Abandoned {
    private static final Logger LOG = Logger.getLogger(Abandoned.class);

    /// A provider that hangs takes two seconds each.
    private static final int LARGEST_STEP = 20;

    private final PredictionStore predictions;
    private final Routes routes;

    public Abandoned(PredictionStore predictions, Routes routes) {
        this.predictions = predictions;
        this.routes = routes;
    }

    /// @return how many
    public int runOnce() throws SQLException {
        List<Prediction> abandoned = predictions.abandoned(LARGEST_STEP);
        for (Prediction prediction : abandoned) {
            LOG.infof(
                    "a prediction that nobody wants any more is cancelled; job=%s prediction=%s",
                    prediction.job(), prediction.providerId());
            routes.byModel().values().stream()
                    .filter(route -> prediction.isOf(route.provider(), route.model()))
                    .findFirst()
                    .ifPresent(route -> route.dialect().giveUp(prediction));
        }
        return abandoned.size();
    }
}
