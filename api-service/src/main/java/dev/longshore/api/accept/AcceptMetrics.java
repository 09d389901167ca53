package dev.longshore.api.accept;

import dev.longshore.lane.Lane;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What is counted and timed while jobs are accepted.
public final class AcceptMetrics {
    private final MeterRegistry registry;
    private final DistributionSummary groups;
    private final Map<Lane, Counter> accepted = new EnumMap<>(Lane.class);
    private final Map<Lane, Timer> latencies = new EnumMap<>(Lane.class);

    public AcceptMetrics(MeterRegistry registry) {
        this.registry = registry;
        groups = DistributionSummary.builder("longshore.accept.group.size")
                .description("Jobs written in one transaction")
                .register(registry);
        for (Lane lane : Lane.values()) {
            accepted.put(
                    lane,
                    Counter.builder("longshore.jobs.accepted")
                            .description("Jobs accepted")
                            .tag("lane", lane.word())
                            .register(registry));
            latencies.put(
                    lane,
                    Timer.builder("longshore.accept.latency")
                            .description("From a checked request to the committed job")
                            .tag("lane", lane.word())
                            .register(registry));
        }
    }

    void waiting(Collection<?> queue) {
        registry.gaugeCollectionSize("longshore.accept.waiting", List.of(), queue);
    }

    void group(int size) {
        groups.record(size);
    }

    void accepted(Lane lane, long since) {
        Counter counter = accepted.get(lane);
        Timer latency = latencies.get(lane);
        if (counter != null && latency != null) {
            counter.increment();
            latency.record(System.nanoTime() - since, TimeUnit.NANOSECONDS);
        }
    }
}
