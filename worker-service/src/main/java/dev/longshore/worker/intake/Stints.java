package dev.longshore.worker.intake;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Since when this worker has had each of its partitions without a break, in generations of the group.
///
/// A broker takes any member's word for any partition of its group. So a page that outlives the stint in which it was
/// read must not be acknowledged: the partition's next reader may be further, and would be set back. Nobody would put
/// that right before the partition's next ticket, and until then the lane would look fuller than it is.
@ApplicationScoped
@Identifier(Stints.NAME)
public class Stints implements KafkaConsumerRebalanceListener {
    /// What the lanes' settings call it.
    static final String NAME = "stints";

    private final Map<TopicPartition, Integer> since = new ConcurrentHashMap<>();

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        begin(partitions, consumer.groupMetadata().generationId());
    }

    void begin(Collection<TopicPartition> partitions, int generation) {
        partitions.forEach(partition -> since.put(partition, generation));
    }

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        end(partitions);
    }

    void end(Collection<TopicPartition> partitions) {
        since.keySet().removeAll(partitions);
    }

    /// Whether what was read from the partition then belongs to the stint that lasts now. The answer stays true only
    /// on the lane's own thread, and there until it polls again.
    ///
    /// @param generation the group's, when it was read
    boolean lastsSince(TopicPartition partition, int generation) {
        Integer begun = since.get(partition);
        return begun != null && begun <= generation;
    }
}
