package dev.longshore.worker.intake;

import dev.longshore.lane.Lane;
import dev.longshore.lane.Ticket;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/// The three lanes' ends at this worker. A page is acknowledged after its last ticket has been dealt with, together
/// with others of its moment; the next is asked for when the hand is nearly empty.
@ApplicationScoped
public class LaneConsumers {
    static final String INTERACTIVE = "lane-interactive";
    static final String STANDARD = "lane-standard";
    static final String BATCH = "lane-batch";

    private static final Logger LOG = Logger.getLogger(LaneConsumers.class);

    /// Acknowledgements of this long are one commit, which is a write for the broker, as dear as the tickets
    /// themselves. Whoever looks at the lane meanwhile takes it for fuller than it is, which is the safe mistake.
    private static final Executor LATER = CompletableFuture.delayedExecutor(40, TimeUnit.MILLISECONDS);

    /// Between two tries to acknowledge what the broker did not take.
    private static final Executor AGAIN = CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);

    private final Intake intake;
    private final UnreadableTickets unreadable;
    private final Stints stints;
    private final KafkaClientService kafka;
    private final Map<String, Acknowledgements> acknowledgements = new ConcurrentHashMap<>();

    public LaneConsumers(
            Intake intake,
            UnreadableTickets unreadable,
            @Identifier(Stints.NAME) Stints stints,
            KafkaClientService kafka) {
        this.intake = intake;
        this.unreadable = unreadable;
        this.stints = stints;
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
        int generation = records.getConsumerGroupGenerationId();
        List<UUID> jobIds = new ArrayList<>();
        Map<TopicPartition, ReadUpTo> readUpTo = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records.getRecords()) {
            readUpTo.merge(
                    new TopicPartition(record.topic(), record.partition()),
                    new ReadUpTo(generation, record.offset() + 1),
                    ReadUpTo::furthest);
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
        public CompletionStage<Void> commit(Map<TopicPartition, ReadUpTo> positions) {
            CompletableFuture<Void> heard = new CompletableFuture<>();
            try {
                // No partition comes or goes between the look at the stints and the commit: both are on the thread
                // that polls.
                kafka.<byte[], byte[]>getConsumer(channel)
                        .runOnPollingThread((Consumer<byte[], byte[]> consumer) -> commit(consumer, positions, heard))
                        .subscribe()
                        .with(_ -> {}, heard::completeExceptionally);
            } catch (RuntimeException e) {
                // Whoever acknowledges has more to do and must not be held up by it; the tickets will be read again.
                LOG.debugf(e, "tickets are not acknowledged, the lane is being closed; channel=%s", channel);
                heard.complete(null);
            }
            return heard;
        }

        private void commit(
                Consumer<byte[], byte[]> consumer,
                Map<TopicPartition, ReadUpTo> positions,
                CompletableFuture<Void> heard) {
            Map<TopicPartition, OffsetAndMetadata> mine = new HashMap<>();
            positions.forEach((partition, position) -> {
                if (stints.lastsSince(partition, position.generation())) {
                    mine.put(partition, new OffsetAndMetadata(position.offset()));
                }
            });
            if (mine.isEmpty()) {
                heard.complete(null);
                return;
            }
            consumer.commitAsync(mine, (_, failure) -> {
                if (failure == null) {
                    heard.complete(null);
                } else {
                    LOG.debugf(failure, "tickets could not be acknowledged, trying again; channel=%s", channel);
                    heard.completeExceptionally(failure);
                }
            });
        }
    }
}
