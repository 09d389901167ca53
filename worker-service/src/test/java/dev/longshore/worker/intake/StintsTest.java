package dev.longshore.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StintsTest {
    private static final TopicPartition ONE = new TopicPartition("lane.standard", 1);
    private static final TopicPartition TWO = new TopicPartition("lane.standard", 2);

    private final Stints stints = new Stints();

    @Test
    void aPartitionThatStaysThroughARebalanceKeepsItsStint() {
        stints.begin(List.of(ONE), 1);
        stints.begin(List.of(TWO), 2);

        assertThat(stints.lastsSince(ONE, 1)).isTrue();
        assertThat(stints.lastsSince(ONE, 2)).isTrue();
        assertThat(stints.lastsSince(TWO, 2)).isTrue();
    }

    @Test
    void anothersPartitionHasNoStintHere() {
        stints.begin(List.of(ONE, TWO), 1);
        stints.end(List.of(ONE));

        assertThat(stints.lastsSince(ONE, 1)).isFalse();
        assertThat(stints.lastsSince(TWO, 1)).isTrue();
    }

    @Test
    void aPartitionThatComesBackBeginsAnew() {
        stints.begin(List.of(ONE), 1);
        stints.end(List.of(ONE));
        stints.begin(List.of(ONE), 4);

        assertThat(stints.lastsSince(ONE, 1)).isFalse();
        assertThat(stints.lastsSince(ONE, 4)).isTrue();
    }
}
