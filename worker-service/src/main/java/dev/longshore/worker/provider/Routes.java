package dev.longshore.worker.provider;

import java.util.Map;
import java.util.Optional;

/// The way from the name that callers use for a model to the provider that serves it.
public record Routes(Map<String, Route> byModel) {
    public Routes {
        byModel = Map.copyOf(byModel);
    }

    public Optional<Route> of(String model) {
        return Optional.ofNullable(byModel.get(model));
    }
}
