package dev.longshore.worker.provider;

import dev.longshore.retry.Standing.Onward;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The way from the name that callers use for a model to the provider that serves it, and to the models that may be
/// asked instead.
///
/// @param fallbacks by model, in the order in which they are tried
public record Routes(Map<String, Route> byModel, Map<String, List<String>> fallbacks) {
    public Routes {
        byModel = Map.copyOf(byModel);
        fallbacks = Map.copyOf(fallbacks);
    }

    public Optional<Route> of(String model) {
        return Optional.ofNullable(byModel.get(model));
    }

    /// The models that may still be asked.
    ///
    /// @param asked what the caller asked for: its route counts
    /// @param current where on the route the job is
    public List<Onward> onward(String asked, String current) {
        List<String> route = new ArrayList<>();
        route.add(asked);
        route.addAll(fallbacks.getOrDefault(asked, List.of()));
        int place = route.indexOf(current);
        if (place < 0) {
            // The operator has taken it off the route meanwhile.
            return List.of();
        }
        int context = of(current).map(Route::contextTokens).orElse(0);
        List<Onward> onward = new ArrayList<>();
        for (String model : route.subList(place + 1, route.size())) {
            of(model).ifPresent(next -> onward.add(new Onward(model, next.contextTokens() > context)));
        }
        return onward;
    }
}
