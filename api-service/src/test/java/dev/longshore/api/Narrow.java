package dev.longshore.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/// A service with less of everything than usual. One for all tests that want that, since each profile is built by
/// itself. Its interactive lane may hold five jobs, and the same body makes the same job for an hour.
public final class Narrow implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "longshore.lanes.interactive.backlog-limit", "5",
                "longshore.lanes.interactive.window", "1",
                "longshore.idempotency.dedupe-window", "1h",
                "longshore.events.heartbeat", "200ms",
                "longshore.events.readers", "3",
                "longshore.events.readers-per-tenant", "2",
                "quarkus.http.idle-timeout", "2s");
    }
}
