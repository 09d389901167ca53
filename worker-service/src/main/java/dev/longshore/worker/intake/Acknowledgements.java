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

    /// Takes note of positions up to which tickets have been dealt with.
    void add(Map<TopicPartition, OffsetAndMetadata> readUpTo) {
        boolean first;
        synchronized (gathered) {
            first = gathered.isEmpty();
            readUpTo.forEach((partition, position) -> advance(gathered, partition, position));
        }
        if (first) {
            later.execute(this::tell);
        }
    }

    /// Of two positions in one partition the further counts.
    static void advance(
            Map<TopicPartition, OffsetAndMetadata> readUpTo, TopicPartition partition, OffsetAndMetadata position) {
        readUpTo.merge(partition, position, (a, b) -> a.offset() > b.offset() ? a : b);
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
