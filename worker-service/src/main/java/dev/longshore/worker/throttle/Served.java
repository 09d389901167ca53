package dev.longshore.worker.throttle;

import java.time.Duration;
import java.util.List;

/// One provider as the throttle sees it.
///
/// @param keys how many API keys it has, at least 1
/// @param limits what all workers together may use of it, of each of its keys and of its models
/// @param models its models, by the name that callers use
public record Served(String name, int keys, List<Limit> limits, List<ServedModel> models, BreakerPolicy breaker) {
    public Served {
        limits = List.copyOf(limits);
        models = List.copyOf(models);
    }

    /// One model of it.
    ///
    /// @param name the name that callers use
    /// @param model the provider's own
    public record ServedModel(String name, String model) {}

    /// Whose limits are meant.
    public static String owner(String provider) {
        return "provider:" + provider;
    }

    public static String ownerOfKey(String provider, int key) {
        return owner(provider) + "/key:" + key;
    }

    public static String ownerOfModel(String provider, String model) {
        return owner(provider) + "/model:" + model;
    }

    List<Allowance> allowances(String owner, Duration lease) {
        return limits.stream()
                .filter(limit -> limit.owner().equals(owner))
                .map(limit -> new Allowance(limit, lease))
                .toList();
    }
}
