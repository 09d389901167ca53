package dev.longshore.road;

import dev.longshore.lane.Lane;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Reads off the broker how full each lane is: the end of each partition less what the lane's workers
/// have committed. It needs no help from workers or database, and mends itself whatever was lost.
public final class LaneGauge {
    private static final long PATIENCE_SECONDS = 3;

    private final Admin admin;

    public LaneGauge(Admin admin) {
        this.admin = admin;
    }

    /// Reads all lanes at once.
    ///
    /// @throws RoadUnavailable when the broker cannot be asked now
    public Map<Lane, LaneReading> read() throws RoadUnavailable, InterruptedException {
        try {
            Map<TopicPartition, OffsetSpec> starts = new HashMap<>();
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            Map<String, ListConsumerGroupOffsetsSpec> groups = new HashMap<>();
            for (Lane lane : Lane.values()) {
                for (int partition = 0; partition < RoadTopics.PARTITIONS; partition++) {
                    TopicPartition place = new TopicPartition(lane.topic(), partition);
                    starts.put(place, OffsetSpec.earliest());
                    ends.put(place, OffsetSpec.latest());
                }
                groups.put(lane.group(), new ListConsumerGroupOffsetsSpec());
            }
            // What was read is asked first: a ticket that comes in between then counts as unclaimed,
            // which is the safe mistake.
            var committed = admin.listConsumerGroupOffsets(groups).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            var firstOffsets = admin.listOffsets(starts).all();
            var endOffsets = admin.listOffsets(ends).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            var startOffsets = firstOffsets.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

            Map<Lane, LaneReading> readings = new EnumMap<>(Lane.class);
            for (Lane lane : Lane.values()) {
                Map<TopicPartition, OffsetAndMetadata> of = committed.getOrDefault(lane.group(), Map.of());
                Map<Integer, Long> end = new HashMap<>();
                Map<Integer, Long> read = new HashMap<>();
                for (int partition = 0; partition < RoadTopics.PARTITIONS; partition++) {
                    TopicPartition place = new TopicPartition(lane.topic(), partition);
                    end.put(partition, offsetOf(endOffsets, place));
                    OffsetAndMetadata mark = of.get(place);
                    // What was deleted from the topic will never be read; it counts as dealt with.
                    long start = offsetOf(startOffsets, place);
                    read.put(partition, mark == null ? start : Math.max(start, mark.offset()));
                }
                readings.put(lane, new LaneReading(Map.copyOf(end), Map.copyOf(read)));
            }
            return readings;
        } catch (ExecutionException | TimeoutException e) {
            throw new RoadUnavailable("The lanes could not be read from Kafka.", e);
        }
    }

    private static long offsetOf(Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition place) {
        return Objects.requireNonNull(offsets.get(place), "an answer for every partition asked about")
                .offset();
    }
}
