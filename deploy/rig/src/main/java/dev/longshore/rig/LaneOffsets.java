package dev.longshore.rig;

import dev.longshore.lane.Lane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
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
        return partitions(lane).stream().mapToLong(Read::unread).sum();
    }

    /// Each partition of a lane that has unread tickets, and who should read them.
    ///
    /// @return a line for each
    public List<String> whereUnread(Lane lane) throws ExecutionException, InterruptedException, TimeoutException {
        var group = Objects.requireNonNull(admin.describeConsumerGroups(List.of(lane.group()))
                .all()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .get(lane.group()));
        List<String> lines = new ArrayList<>();
        for (Read read : partitions(lane)) {
            if (read.unread() != 0) {
                String readers = group.members().stream()
                        .filter(member -> member.assignment().topicPartitions().contains(read.partition()))
                        .map(member -> member.consumerId() + " at " + member.host())
                        .collect(Collectors.joining(" and "));
                lines.add(read + ", reader " + (readers.isEmpty() ? "none" : readers) + ", group " + group.groupState()
                        + " of " + group.members().size());
            }
        }
        return lines;
    }

    private record Read(TopicPartition partition, long upTo, long end) {
        long unread() {
            return end - upTo;
        }
    }

    private List<Read> partitions(Lane lane) throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(lane.group())
                .partitionsToOffsetAndMetadata()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Map<TopicPartition, Long> starts = offsets(lane, OffsetSpec.earliest());
        List<Read> partitions = new ArrayList<>();
        ends(lane).forEach((partition, end) -> {
            OffsetAndMetadata mark = read.get(partition);
            long start = starts.getOrDefault(partition, 0L);
            partitions.add(new Read(partition, mark == null ? start : Math.max(start, mark.offset()), end));
        });
        return partitions;
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
