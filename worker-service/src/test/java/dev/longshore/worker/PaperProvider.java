package dev.longshore.worker;

import dev.longshore.simulator.Simulator;
import dev.longshore.worker.provider.prediction.PredictionServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The simulator that the worker under test calls, and that the test scripts and reads.
public final class PaperProvider implements QuarkusTestResourceLifecycleManager {
    /// How long a provider or a key is left alone that does not answer as it should: for most tests to see that it
    /// is, and no longer, since all wait for its end.
    static final Duration LEFT_ALONE = Duration.ofSeconds(4);

    private static @Nullable Simulator simulator;

    private static @Nullable PredictionServer predictions;

    public static PredictionServer predictions() {
        return Objects.requireNonNull(predictions);
    }

    public static Simulator simulator() {
        return Objects.requireNonNull(simulator);
    }

    @Override
    public Map<String, String> start() {
        Simulator started = Simulator.start(0);
        simulator = started;
        PredictionServer later = PredictionServer.start();
        predictions = later;
        // Short heartbeats and drains, so that tests of what they bring do not take half a minute.
        return Map.ofEntries(
                Map.entry("SIMULATOR_PORT", Integer.toString(started.port())),
                Map.entry("longshore.worker.heartbeat", "500ms"),
                // Receivers of tests are on this machine.
                Map.entry("longshore.webhooks.allow-networks", "127.0.0.1/32"),
                Map.entry("longshore.worker.lease", "20s"),
                Map.entry("longshore.worker.slots", "20"),
                Map.entry("longshore.worker.drain", "1s"),
                Map.entry("longshore.lanes.standard.retry.initial-delay", "50ms"),
                Map.entry("longshore.lanes.standard.retry.max-delay", "200ms"),
                // The same provider and model, for calls that are not waited for long.
                Map.entry("longshore.providers.impatient.dialect", "openai"),
                Map.entry("longshore.providers.impatient.base-url", started.baseUrl()),
                Map.entry("longshore.providers.impatient.timeouts.first-byte", "2s"),
                Map.entry("longshore.providers.later.dialect", "prediction"),
                Map.entry("longshore.providers.later.base-url", later.baseUrl().toString()),
                Map.entry("longshore.providers.later.prediction.progress", "/percent"),
                Map.entry("longshore.providers.later.prediction.progress-scale", "100"),
                Map.entry("longshore.providers.later.prediction.progress-message", "/step"),
                Map.entry("longshore.models.sim-later.provider", "later"),
                Map.entry("longshore.models.sim-later.name", "theirs"),
                Map.entry("longshore.models.sim-later.usd-per-million.input", "0.15"),
                Map.entry("longshore.models.sim-later.usd-per-million.output", "0.60"),
                Map.entry("longshore.models.sim-later.max-output-tokens", "1000"),
                Map.entry("longshore.models.sim-sooner.provider", "later"),
                Map.entry("longshore.models.sim-sooner.name", "theirs-too"),
                Map.entry("longshore.models.sim-sooner.usd-per-million.output", "0.30"),
                Map.entry("longshore.models.sim-sooner.max-output-tokens", "1000"),
                Map.entry("longshore.models.sim-impatient.provider", "impatient"),
                Map.entry("longshore.models.sim-impatient.name", "sim-small"),
                // One of its own, so that its breaker and limits do not touch the others.
                Map.entry("longshore.providers.fussy.dialect", "openai"),
                Map.entry("longshore.providers.fussy.base-url", started.baseUrl()),
                Map.entry("longshore.providers.fussy.api-keys", "sk-fussy-one1,sk-fussy-two2"),
                Map.entry("longshore.providers.fussy.breaker.open-for", LEFT_ALONE.toMillis() + "ms"),
                Map.entry("longshore.models.fussy.provider", "fussy"),
                Map.entry("longshore.models.fussy.fallbacks", "sim-small"),
                Map.entry("longshore.models.narrow.provider", "fussy"),
                Map.entry("longshore.models.narrow.limits.concurrent", "2"));
    }

    @Override
    public void stop() {
        simulator().close();
        predictions().close();
    }
}
