package dev.longshore.road;

import dev.longshore.lane.Lane;
import dev.longshore.lane.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/// Puts tickets on lanes. Call it only after the job's row says that it is dispatched: a ticket is a
/// hint about a row.
///
/// Safe for use by many threads.
public final class TicketSender {
    /// After this long a ticket has either arrived or never will.
    public static final Duration LONGEST_SEND = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;

    public TicketSender(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /// Sends a ticket for each job.
    ///
    /// @return completes, always normally, with the jobs whose tickets did not arrive; their rows
    ///     should be put back into the backlog
    public CompletionStage<List<UUID>> send(Lane lane, Collection<UUID> jobIds) {
        CompletableFuture<List<UUID>> lost = new CompletableFuture<>();
        List<UUID> failed = new ArrayList<>();
        // One more than there are tickets, so that the callbacks cannot finish before the loop has.
        AtomicInteger open = new AtomicInteger(jobIds.size() + 1);
        boolean broken = false;
        for (UUID jobId : jobIds) {
            if (broken) {
                settle(jobId, true, failed, open, lost);
                continue;
            }
            Ticket ticket = new Ticket(jobId);
            try {
                // A producer that knows no broker blocks for a while and then tells the callback, without
                // throwing. Each further try would block for as long again; the rest of the group shares
                // this one's fate.
                broken = producer.send(
                                        new ProducerRecord<>(lane.topic(), ticket.key(), ticket.bytes()),
                                        (_, failure) -> settle(jobId, failure != null, failed, open, lost))
                                .state()
                        == Future.State.FAILED;
            } catch (KafkaException _) {
                broken = true;
                settle(jobId, true, failed, open, lost);
            }
        }
        finishOne(failed, open, lost);
        return lost;
    }

    private static void settle(
            UUID jobId, boolean lostIt, List<UUID> failed, AtomicInteger open, CompletableFuture<List<UUID>> lost) {
        if (lostIt) {
            synchronized (failed) {
                failed.add(jobId);
            }
        }
        finishOne(failed, open, lost);
    }

    private static void finishOne(List<UUID> failed, AtomicInteger open, CompletableFuture<List<UUID>> lost) {
        if (open.decrementAndGet() == 0) {
            synchronized (failed) {
                lost.complete(List.copyOf(failed));
            }
        }
    }
}
