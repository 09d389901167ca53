package dev.longshore.worker.intake;

import dev.longshore.lane.Lane;
import dev.longshore.lane.Ticket;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The three lanes' ends at this worker. A page is acknowledged after its last ticket has been dealt with, together
/// with others of its moment; the next is asked for when the hand is nearly empty.
@ApplicationScoped
public class LaneConsumers {
    static final String INTERACTIVE = "lane-interactive";
    static final String STANDARD = "lane-standard";
    static final String BATCH = "lane-batch";

    private static final Logger LOG = Logger.getLogger(LaneConsumers.class);

    /// Acknowledgements of this long are one commit, which is a write for the broker, as dear as the tickets
    /// themselves.
    /// Whoever looks at the lane meanwhile takes it for fuller than it is, which is the safe mistake.
    private static final Executor LATER = CompletableFuture.delayedExecutor(40, TimeUnit.MILLISECONDS);

    /// Between two tries to acknowledge what the broker did not take.
    private static final Executor AGAIN = CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);

    private final Intake intake;
    private final UnreadableTickets unreadable;
    private final KafkaClientService kafka;
    private final Map<String, Acknowledgements> acknowledgements = new ConcurrentHashMap<>();

    public LaneConsumers(Intake intake, UnreadableTickets unreadable, KafkaClientService kafka) {
        this.intake = intake;
        this.unreadable = unreadable;
        this.kafka = kafka;
    }

    @Incoming(INTERACTIVE)
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    public CompletionStage<Void> interactive(Message<List<byte[]>> page) {
        return take(Lane.INTERACTIVE, INTERACTIVE, page);
    }

    @Incoming(STANDARD)
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    public CompletionStage<Void> standard(Message<List<byte[]>> page) {
        return take(Lane.STANDARD, STANDARD, page);
    }

    @Incoming(BATCH)
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    public CompletionStage<Void> batch(Message<List<byte[]>> page) {
        return take(Lane.BATCH, BATCH, page);
    }

    @SuppressWarnings("unchecked")
    private CompletionStage<Void> take(Lane lane, String channel, Message<List<byte[]>> page) {
        IncomingKafkaRecordBatchMetadata<byte[], byte[]> records =
                page.getMetadata(IncomingKafkaRecordBatchMetadata.class).orElseThrow();
        List<UUID> jobIds = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> readUpTo = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records.getRecords()) {
            Acknowledgements.advance(
                    readUpTo,
                    new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1));
            Optional<Ticket> ticket = record.value() == null ? Optional.empty() : Ticket.read(record.value());
            ticket.ifPresentOrElse(read -> jobIds.add(read.jobId()), () -> unreadable.set(lane, record));
        }
        return intake.take(lane, jobIds, () -> of(channel).add(readUpTo));
    }

    private Acknowledgements of(String channel) {
        return acknowledgements.computeIfAbsent(
                channel, _ -> new Acknowledgements(new ChannelReader(channel), LATER, AGAIN));
    }

    private final class ChannelReader implements Acknowledgements.Reader {
        private final String channel;

        private ChannelReader(String channel) {
            this.channel = channel;
        }

        @Override
        public CompletionStage<Void> commit(Map<TopicPartition, OffsetAndMetadata> readUpTo) {
            try {
                return kafka.<byte[], byte[]>getConsumer(channel)
                        .commitAsync(readUpTo)
                        .onFailure()
                        .invoke(failure -> LOG.debugf(
                                failure, "tickets could not be acknowledged, trying again; channel=%s", channel))
                        .subscribeAsCompletionStage();
            } catch (RuntimeException e) {
                return closing(e, null);
            }
        }

        @Override
        public CompletionStage<Set<TopicPartition>> assigned() {
            try {
                return kafka.<byte[], byte[]>getConsumer(channel)
                        .getAssignments()
                        .subscribeAsCompletionStage();
            } catch (RuntimeException e) {
                return closing(e, Set.of());
            }
        }

        /// Whoever acknowledges has more to do and must not be held up by it; the tickets will be read again.
        private <T> CompletionStage<T> closing(RuntimeException why, @Nullable T answer) {
            LOG.debugf(why, "tickets are not acknowledged, the lane is being closed; channel=%s", channel);
            return CompletableFuture.completedStage(answer);
        }
    }
}
