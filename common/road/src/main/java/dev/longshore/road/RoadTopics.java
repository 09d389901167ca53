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

/// The topics of the lanes, those for records that nobody can read, and the one that tells what happens to jobs.
public final class RoadTopics {
    /// More than the workers that one cell is meant to have, few enough that a reading of all lanes
    /// stays cheap.
    public static final int PARTITIONS = 12;

    /// A ticket is worthless once its job was claimed, and a lane never holds more than its window of
    /// unclaimed ones.
    private static final long RETENTION_MILLIS = TimeUnit.HOURS.toMillis(24);

    /// Events are hints to those who watch now; whoever consumes them for other ends has a day. What a partition holds
    /// at most keeps a busy day from filling the disk.
    private static final long MOST_EVENT_BYTES = 1L << 30;

    /// Tickets are 17 bytes; small segments keep the data folder of an idle broker small.
    private static final int TICKET_SEGMENT = 16 * 1024 * 1024;

    private static final int EVENT_SEGMENT = 64 * 1024 * 1024;

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
                topics.add(topic(lane.topic(), PARTITIONS, replicas, TICKET_SEGMENT, -1));
                topics.add(topic(lane.deadLetterTopic(), 1, replicas, TICKET_SEGMENT, -1));
            }
            topics.add(topic(EventTopic.NAME, EventTopic.PARTITIONS, replicas, EVENT_SEGMENT, MOST_EVENT_BYTES));
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
            throw new RoadUnavailable("The topics could not be made in Kafka.", e);
        }
    }

    private static NewTopic topic(String name, int partitions, short replicas, int segmentBytes, long mostBytes) {
        return new NewTopic(name, partitions, replicas)
                .configs(Map.of(
                        TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION_MILLIS),
                        TopicConfig.RETENTION_BYTES_CONFIG, Long.toString(mostBytes),
                        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(Math.max(1, replicas - 1)),
                        TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(segmentBytes)));
    }
}
