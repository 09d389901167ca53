package dev.longshore.worker;

import dev.longshore.simulator.Simulator;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The simulator that the worker under test calls, and that the test scripts and reads.
public final class PaperProvider implements QuarkusTestResourceLifecycleManager {
    private static @Nullable Simulator simulator;

    static Simulator simulator() {
        return Objects.requireNonNull(simulator);
    }

    @Override
    public Map<String, String> start() {
        Simulator started = Simulator.start(0);
        simulator = started;
        // Short leases and drains, so that tests of what happens at their end do not take half a minute.
        return Map.of(
                "SIMULATOR_PORT", Integer.toString(started.port()),
                "longshore.worker.heartbeat", "500ms",
                "longshore.worker.lease", "2s",
                "longshore.worker.slots", "20",
                "longshore.worker.drain", "1s",
                "longshore.lanes.standard.retry.initial-delay", "50ms",
                "longshore.lanes.standard.retry.max-delay", "200ms");
    }

    @Override
    public void stop() {
        simulator().close();
    }
}
