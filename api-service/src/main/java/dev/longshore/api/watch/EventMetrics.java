package dev.longshore.api.watch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// What is counted while events are told.
public final class EventMetrics {
    private final Map<EventKind, Counter> told = new EnumMap<>(EventKind.class);
    private final Counter cut;

    public EventMetrics(MeterRegistry registry) {
        for (EventKind kind : EventKind.values()) {
            told.put(
                    kind,
                    Counter.builder("longshore.events.told")
                            .description("Events told to readers")
                            .tag("event", kind.word())
                            .register(registry));
        }
        cut = Counter.builder("longshore.events.readers.cut")
                .description("Readers that were too slow")
                .register(registry);
    }

    void told(EventKind kind, int count) {
        Objects.requireNonNull(told.get(kind), "every kind has a counter").increment(count);
    }

    void cut() {
        cut.increment();
    }
}
