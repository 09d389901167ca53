package dev.longshore.road;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Kafka clients with the settings that the road needs, each with its reason.
public final class RoadClients {
    private RoadClients() {}

    /// @param kafka how to reach the brokers: `bootstrap.servers`, and security settings where there are any
    public static Producer<byte[], byte[]> producer(Map<String, Object> kafka, String clientId) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        // A ticket that is lost costs its job seconds, so the broker's replicas must have it.
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Tickets already come in groups; waiting for more would only add to every job's latency.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        // A group of events is told at once: what it costs client and broker is counted in batches.
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        // A broker that is away must not hold up callers: the job goes to the backlog instead and the
        // feeder finds it.
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) TicketSender.LONGEST_SEND.toMillis());
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// Reads without a group: it keeps no marks at the broker, and takes whatever partitions it is told to.
    ///
    /// @param kafka how to reach the brokers: `bootstrap.servers`, and security settings where there are any
    public static Consumer<byte[], byte[]> listener(Map<String, Object> kafka, String clientId) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // The topics are made with settings of their own, see RoadTopics.
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // What was deleted before we had read it is lost on us anyway.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        // Records are a few hundred bytes: a fetch of this size holds thousands, and never much of our memory.
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * 1024 * 1024);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 512 * 1024);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        settings.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /// @param kafka how to reach the brokers: `bootstrap.servers`, and security settings where there are any
    public static Admin admin(Map<String, Object> kafka, String clientId) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 4_000);
        settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return Admin.create(settings);
    }
}
