package dev.longshore.worker.intake;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;

/// How far one lane has been read, gathered for a moment and told in one commit. What could not be told is told again:
/// a partition may get no more tickets, and whoever looks at the lane would take it for fuller than it is for ever.
///
/// Safe for use by many threads.
final class Acknowledgements {
    /// Who is told.
    interface Reader {
        /// Tells what belongs to stints that last, and leaves the rest to the partitions' readers of today: they read
        /// from where they were told to be, and find stale what was dealt with here.
        ///
        /// @return fails when it is not known whether the broker has heard it
        CompletionStage<Void> commit(Map<TopicPartition, ReadUpTo> positions);
    }

    private final Reader reader;
    private final Executor later;
    private final Executor again;
    private final Map<TopicPartition, ReadUpTo> known = new HashMap<>();
    private final Set<TopicPartition> untold = new HashSet<>();

    /// @param later runs what it is given when the moment is over
    /// @param again runs what it is given when another try is worth while
    Acknowledgements(Reader reader, Executor later, Executor again) {
        this.reader = reader;
        this.later = later;
        this.again = again;
    }

    /// Takes note of positions up to which tickets have been dealt with.
    void add(Map<TopicPartition, ReadUpTo> positions) {
        synchronized (known) {
            positions.forEach((partition, position) -> known.merge(partition, position, ReadUpTo::furthest));
        }
        gather(positions.keySet());
    }

    private void gather(Set<TopicPartition> partitions) {
        boolean first;
        synchronized (known) {
            first = untold.isEmpty();
            untold.addAll(partitions);
        }
        if (first) {
            later.execute(this::tell);
        }
    }

    private void tell() {
        Map<TopicPartition, ReadUpTo> positions = new HashMap<>();
        synchronized (known) {
            // Always the furthest that is known: after a try whose fate is unknown, an earlier one would set it back.
            untold.forEach(partition -> positions.put(partition, Objects.requireNonNull(known.get(partition))));
            untold.clear();
        }
        reader.commit(positions).whenComplete((_, failure) -> {
            if (failure != null) {
                again.execute(() -> gather(positions.keySet()));
            }
        });
    }
}
