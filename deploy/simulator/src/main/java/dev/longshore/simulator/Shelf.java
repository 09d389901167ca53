package dev.longshore.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The predictions that can still be asked after. Safe for use by several threads.
final class Shelf {

    /// How many predictions are kept; the oldest is forgotten first.
    private static final int MOST_PREDICTIONS = 100_000;

    private final Map<String, Prediction> predictions = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Prediction> eldest) {
            return size() > MOST_PREDICTIONS;
        }
    };

    synchronized void add(Prediction prediction) {
        predictions.put(prediction.id(), prediction);
    }

    synchronized @Nullable Prediction find(String id) {
        return predictions.get(id);
    }
}
