package dev.longshore.worker.intake;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// How far one lane has been read, gathered for a moment and told in one commit. What could not be told is told again:
/// a partition may get no more tickets, and whoever looks at the lane would take it for fuller than it is for ever.
///
/// Safe for use by many threads.
final class Acknowledgements {
    /// Who is told.
    interface Reader {
        /// @return fails when it is not known whether the broker has heard it
        CompletionStage<Void> commit(Map<TopicPartition, OffsetAndMetadata> readUpTo);

        /// The partitions that are this worker's now. Of others it has nothing to say any more: whoever has them reads
        /// them from where they were told to be, and finds stale what was dealt with here.
        CompletionStage<Set<TopicPartition>> assigned();
    }

    private final Reader reader;
    private final Executor later;
    private final Executor again;
    private final Map<TopicPartition, OffsetAndMetadata> gathered = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> told = new HashMap<>();

    /// @param later runs what it is given when the moment is over
    /// @param again runs what it is given when another try is worth while
    Acknowledgements(Reader reader, Executor later, Executor again) {
        this.reader = reader;
        this.later = later;
        this.again = again;
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
        reader.commit(positions).whenComplete((_, failure) -> {
            if (failure == null) {
                synchronized (gathered) {
                    positions.forEach((partition, position) -> advance(told, partition, position));
                }
            } else {
                again.execute(() -> tellAgain(positions));
            }
        });
    }

    private void tellAgain(Map<TopicPartition, OffsetAndMetadata> positions) {
        reader.assigned().whenComplete((assigned, failure) -> {
            if (failure == null) {
                Map<TopicPartition, OffsetAndMetadata> left = untold(positions, assigned);
                if (!left.isEmpty()) {
                    add(left);
                }
            } else {
                again.execute(() -> tellAgain(positions));
            }
        });
    }

    private Map<TopicPartition, OffsetAndMetadata> untold(
            Map<TopicPartition, OffsetAndMetadata> positions, Set<TopicPartition> assigned) {
        Map<TopicPartition, OffsetAndMetadata> left = new HashMap<>();
        synchronized (gathered) {
            // Of partitions that are gone nothing is remembered: they may come back further back.
            told.keySet().retainAll(assigned);
            positions.forEach((partition, position) -> {
                OffsetAndMetadata since = told.get(partition);
                if (assigned.contains(partition) && (since == null || since.offset() < position.offset())) {
                    left.put(partition, position);
                }
            });
        }
        return left;
    }
}
