package dev.longshore.api;

import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/// How Kafka is reached.
final class KafkaSettings {
    private static final String PREFIX = "kafka.";

    private KafkaSettings() {}

    /// Everything that is set for Kafka clients, security included.
    static Map<String, Object> of(Config config) {
        Map<String, Object> settings = new HashMap<>();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                config.getOptionalValue(name, String.class)
                        .ifPresent(value -> settings.put(name.substring(PREFIX.length()), value));
            }
        }
        return settings;
    }
}
