package dev.longshore.api;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/// Lets webhooks go to IPv4's loopback addresses, where tests have their receivers, and nowhere else that is private.
public final class LoopbackOpened implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        return Map.of("longshore.webhooks.allow-networks", "127.0.0.0/8");
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
