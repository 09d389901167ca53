package dev.longshore.rig;

import dev.longshore.lane.Lane;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// How far each partition of a lane reaches and how far its workers have read.
public record LaneOffsets(Admin admin) {
    private static final long PATIENCE_SECONDS = 30;

    /// Where each partition of a lane ends.
    public Map<TopicPartition, Long> ends(Lane lane) throws ExecutionException, InterruptedException, TimeoutException {
        return offsets(lane, OffsetSpec.latest());
    }

    /// Tickets that are there and were not read.
    public long unread(Lane lane) throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(lane.group())
                .partitionsToOffsetAndMetadata()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Map<TopicPartition, Long> starts = offsets(lane, OffsetSpec.earliest());
        long unread = 0;
        for (var end : ends(lane).entrySet()) {
            OffsetAndMetadata mark = read.get(end.getKey());
            long start = starts.getOrDefault(end.getKey(), 0L);
            unread += end.getValue() - (mark == null ? start : Math.max(start, mark.offset()));
        }
        return unread;
    }

    private Map<TopicPartition, Long> offsets(Lane lane, OffsetSpec which)
            throws ExecutionException, InterruptedException, TimeoutException {
        var places = new HashMap<TopicPartition, OffsetSpec>();
        var topic = Objects.requireNonNull(admin.describeTopics(List.of(lane.topic()))
                .allTopicNames()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .get(lane.topic()));
        topic.partitions()
                .forEach(partition -> places.put(new TopicPartition(lane.topic(), partition.partition()), which));
        var offsets = new HashMap<TopicPartition, Long>();
        admin.listOffsets(places)
                .all()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .forEach((place, offset) -> offsets.put(place, offset.offset()));
        return offsets;
    }
}
