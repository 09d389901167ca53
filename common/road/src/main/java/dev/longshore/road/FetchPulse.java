package dev.longshore.road;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/// Tells whether a consumer that hears nothing is listening to silence or to nobody: brokers answer every fetch within
/// half a second, with nothing if there is nothing, and the client counts the answers.
final class FetchPulse {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final List<? extends Metric> answers;
    private double last = -1;
    private long changedAt;

    /// @param now on the clock of [System#nanoTime]
    FetchPulse(Consumer<?, ?> consumer, long now) {
        answers = consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("fetch-total")
                        && !metric.getKey().tags().containsKey("topic"))
                .map(Map.Entry::getValue)
                .toList();
        changedAt = now;
    }

    /// Whether a broker has answered of late.
    boolean beats(long now) {
        double count = answers.stream()
                .mapToDouble(metric -> metric.metricValue() instanceof Double value ? value : 0)
                .sum();
        if (count != last) {
            last = count;
            changedAt = now;
        }
        return now - changedAt < PATIENCE.toNanos();
    }
}
