package dev.longshore.road;

import dev.longshore.job.JobId;
import dev.longshore.outbox.EventSequence;
import dev.longshore.outbox.JobEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Puts events on the [EventTopic].
///
/// Safe for use by many threads.
public final class EventSender {
    /// By then every record has arrived or been given up.
    private static final Duration PATIENCE = TicketSender.LONGEST_SEND.plusSeconds(1);

    private final Producer<byte[], byte[]> producer;

    /// @param producer sends at once and gives up after [TicketSender#LONGEST_SEND]
    public EventSender(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /// Tells changes of status; blocks until the broker has them.
    ///
    /// @return whether it has them all
    public boolean tell(List<JobEvent> events) throws InterruptedException {
        CountDownLatch open = new CountDownLatch(events.size());
        AtomicBoolean lost = new AtomicBoolean();
        // The changes of one statement have one time, which is spelled once.
        Instant at = Instant.MIN;
        String time = "";
        try {
            for (JobEvent event : events) {
                if (!event.at().equals(at)) {
                    at = event.at();
                    time = EventTopic.time(at);
                }
                Future<RecordMetadata> sending = producer.send(EventTopic.changed(event, time), (_, failure) -> {
                    if (failure != null) {
                        lost.set(true);
                    }
                    open.countDown();
                });
                // As with tickets: without a broker each further try would block for as long again.
                if (lost.get() || sending.state() == Future.State.FAILED) {
                    return false;
                }
            }
            return open.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) && !lost.get();
        } catch (KafkaException _) {
            return false;
        }
    }

    /// Tells some of what a model says; if it does not arrive, it is not told again.
    ///
    /// @param count from 1 to [EventSequence#MOST_SAID]: which piece of what this claim's call says
    public void token(String tenant, JobId job, int epoch, int count, String text, Instant at) {
        send(EventTopic.of(
                EventTopic.TOKEN,
                tenant,
                job,
                EventSequence.said(epoch, count),
                at,
                json -> json.writeStringField("token", text)));
    }

    /// Tells how far a job is; if it does not arrive, it is not told again.
    ///
    /// @param count as of a token
    /// @param progress from 0 to 1
    /// @param message for people
    public void progress(
            String tenant, JobId job, int epoch, int count, double progress, @Nullable String message, Instant at) {
        send(EventTopic.of(EventTopic.PROGRESS, tenant, job, EventSequence.said(epoch, count), at, json -> {
            json.writeNumberField("progress", progress);
            json.writeStringField("message", message);
        }));
    }

    private void send(ProducerRecord<byte[], byte[]> event) {
        try {
            producer.send(event);
        } catch (KafkaException _) {
            // Best effort.
        }
    }
}
