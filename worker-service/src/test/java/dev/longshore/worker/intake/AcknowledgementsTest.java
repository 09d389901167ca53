package dev.longshore.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {
    private static final TopicPartition ONE = new TopicPartition("lane.standard", 1);
    private static final TopicPartition TWO = new TopicPartition("lane.standard", 2);

    private final Queue<Runnable> later = new ArrayDeque<>();
    private final List<Map<TopicPartition, OffsetAndMetadata>> commits = new ArrayList<>();
    private final Acknowledgements acknowledgements = new Acknowledgements(commits::add, later::add);

    @Test
    void whatIsAddedInOneMomentIsOneCommitOfTheFurthestPositions() {
        acknowledgements.add(Map.of(ONE, at(10), TWO, at(5)));
        acknowledgements.add(Map.of(ONE, at(8)));
        acknowledgements.add(Map.of(TWO, at(7)));
        assertThat(commits).isEmpty();
        assertThat(later).hasSize(1);

        later.remove().run();

        assertThat(commits).containsExactly(Map.of(ONE, at(10), TWO, at(7)));
    }

    @Test
    void whatComesAfterACommitHasOneOfItsOwn() {
        acknowledgements.add(Map.of(ONE, at(10)));
        later.remove().run();
        acknowledgements.add(Map.of(ONE, at(11)));
        later.remove().run();

        assertThat(commits).containsExactly(Map.of(ONE, at(10)), Map.of(ONE, at(11)));
        assertThat(later).isEmpty();
    }

    private static OffsetAndMetadata at(long offset) {
        return new OffsetAndMetadata(offset);
    }
}
