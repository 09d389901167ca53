package dev.longshore.worker.intake;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// How far one lane has been read, gathered for a moment and told in one commit.
///
/// Safe for use by many threads.
final class Acknowledgements {
    private final Consumer<Map<TopicPartition, OffsetAndMetadata>> commit;
    private final Executor later;
    private final Map<TopicPartition, OffsetAndMetadata> gathered = new HashMap<>();

    /// @param later runs what it is given when the moment is over
    Acknowledgements(Consumer<Map<TopicPartition, OffsetAndMetadata>> commit, Executor later) {
        this.commit = commit;
        this.later = later;
    }

    /// Takes note of positions up to which tickets have been dealt with; of two for one partition the further
    /// counts.
    void add(Map<TopicPartition, OffsetAndMetadata> readUpTo) {
        boolean first;
        synchronized (gathered) {
            first = gathered.isEmpty();
            readUpTo.forEach((partition, position) ->
                    gathered.merge(partition, position, (a, b) -> a.offset() > b.offset() ? a : b));
        }
        if (first) {
            later.execute(this::tell);
        }
    }

    private void tell() {
        Map<TopicPartition, OffsetAndMetadata> positions;
        synchronized (gathered) {
            positions = Map.copyOf(gathered);
            gathered.clear();
        }
        commit.accept(positions);
    }
}
