package dev.longshore.road;

import dev.longshore.lane.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/// The topics of the lanes, and those for records that nobody can read.
public final class RoadTopics {
    /// More than the workers that one cell is meant to have, few enough that a reading of all lanes
    /// stays cheap.
    public static final int PARTITIONS = 12;

    /// A ticket is worthless once its job was claimed, and a lane never holds more than its window of
    /// unclaimed ones.
    private static final long RETENTION_MILLIS = TimeUnit.HOURS.toMillis(24);

    private static final int PATIENCE_SECONDS = 10;

    private RoadTopics() {}

    /// Makes the topics that are missing, replicated three times where there are three brokers.
    ///
    /// @throws RoadUnavailable when the broker cannot be asked now
    public static void ensure(Admin admin) throws RoadUnavailable, InterruptedException {
        try {
            int brokers = admin.describeCluster()
                    .nodes()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .size();
            short replicas = (short) Math.min(3, brokers);
            List<NewTopic> topics = new ArrayList<>();
            for (Lane lane : Lane.values()) {
                topics.add(topic(lane.topic(), PARTITIONS, replicas));
                topics.add(topic(lane.deadLetterTopic(), 1, replicas));
            }
            for (var creation : admin.createTopics(topics).values().values()) {
                try {
                    creation.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw e;
                    }
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new RoadUnavailable("The lanes' topics could not be made in Kafka.", e);
        }
    }

    private static NewTopic topic(String name, int partitions, short replicas) {
        return new NewTopic(name, partitions, replicas)
                .configs(Map.of(
                        TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION_MILLIS),
                        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(Math.max(1, replicas - 1)),
                        // Tickets are 17 bytes; small segments keep the data folder of an idle broker small.
                        TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(16 * 1024 * 1024)));
    }
}
