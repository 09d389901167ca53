package dev.longshore.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/// Starts the service with `catalogue.yaml`.
public final class OnCatalogue implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("LONGSHORE_CONFIG", "src/test/resources/catalogue.yaml");
    }
}
