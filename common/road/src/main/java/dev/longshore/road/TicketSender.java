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
import org.apache.kafka.common.PartitionInfo;

/// Puts tickets on lanes. Call it only after the job's row says that it is dispatched: a ticket is a
/// hint about a row.
///
/// Partitions take turns. A group's tickets go to one partition in runs of [#RUN], because what a group
/// costs the client, the broker and the worker is counted in batches, one a partition, and not in tickets. A lone
/// ticket is a run of its own, so light load is spread evenly over all workers.
///
/// Safe for use by many threads.
public final class TicketSender {
    /// After this long a ticket has either arrived or never will.
    public static final Duration LONGEST_SEND = Duration.ofSeconds(5);

    /// Long enough to make a batch worth its cost, short enough that no worker gets what others could do at once.
    static final int RUN = 32;

    private final Producer<byte[], byte[]> producer;
    private final AtomicInteger turn = new AtomicInteger();

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
        int partition = 0;
        int sent = 0;
        for (UUID jobId : jobIds) {
            if (broken) {
                settle(jobId, true, failed, open, lost);
                continue;
            }
            try {
                if (sent++ % RUN == 0) {
                    partition = nextPartition(lane);
                }
                // A producer that knows no broker blocks for a while and then tells the callback, without
                // throwing. Each further try would block for as long again; the rest of the group shares
                // this one's fate.
                broken = producer.send(
                                        new ProducerRecord<>(lane.topic(), partition, null, new Ticket(jobId).bytes()),
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

    /// The next partition that has a broker to lead it. Blocks as a send does while no broker is known.
    private int nextPartition(Lane lane) {
        List<PartitionInfo> partitions = producer.partitionsFor(lane.topic());
        PartitionInfo next = partitions.getFirst();
        for (int tries = 0; tries < partitions.size(); tries++) {
            next = partitions.get(Math.floorMod(turn.getAndIncrement(), partitions.size()));
            if (next.leader() != null) {
                break;
            }
        }
        return next.partition();
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
