package dev.longshore.worker.intake;

import dev.longshore.lane.Lane;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/// Sets records that are no tickets aside on the lane's dead-letter topic, as they came, with the place
/// that they came from. They never stop the lane. A job cannot be lost by it: its row stays queued, and
/// the feeder finds it.
public final class UnreadableTickets {
    private static final Logger LOG = Logger.getLogger(UnreadableTickets.class);

    private final Producer<byte[], byte[]> producer;
    private final MeterRegistry metrics;

    public UnreadableTickets(Producer<byte[], byte[]> producer, MeterRegistry metrics) {
        this.producer = producer;
        this.metrics = metrics;
    }

    void set(Lane lane, ConsumerRecord<byte[], byte[]> record) {
        String origin = record.topic() + "/" + record.partition() + "/" + record.offset();
        LOG.warnf(
                "unreadable record set aside; lane=%s origin=%s topic=%s", lane.word(), origin, lane.deadLetterTopic());
        metrics.counter("longshore.tickets.unreadable", "lane", lane.word()).increment();
        ProducerRecord<byte[], byte[]> copy =
                new ProducerRecord<>(lane.deadLetterTopic(), record.key(), record.value());
        copy.headers().add("longshore-origin", origin.getBytes(StandardCharsets.UTF_8));
        producer.send(copy, (_, failure) -> {
            if (failure != null) {
                LOG.errorf(failure, "unreadable record could not be set aside and is dropped; origin=%s", origin);
            }
        });
    }
}
