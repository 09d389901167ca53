package dev.longshore.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {
    private static final TopicPartition ONE = new TopicPartition("lane.standard", 1);
    private static final TopicPartition TWO = new TopicPartition("lane.standard", 2);

    private final Queue<Runnable> later = new ArrayDeque<>();
    private final Queue<Runnable> again = new ArrayDeque<>();
    private final List<Map<TopicPartition, OffsetAndMetadata>> commits = new ArrayList<>();
    private final Set<TopicPartition> assigned = new HashSet<>(Set.of(ONE, TWO));
    private boolean away;
    private final Acknowledgements acknowledgements = new Acknowledgements(
            new Acknowledgements.Reader() {
                @Override
                public CompletionStage<Void> commit(Map<TopicPartition, OffsetAndMetadata> readUpTo) {
                    if (away) {
                        return failed();
                    }
                    commits.add(readUpTo);
                    return CompletableFuture.completedStage(null);
                }

                @Override
                public CompletionStage<Set<TopicPartition>> assigned() {
                    return away ? failed() : CompletableFuture.completedStage(Set.copyOf(assigned));
                }

                private <T> CompletionStage<T> failed() {
                    return CompletableFuture.failedStage(new IllegalStateException("the broker is away"));
                }
            },
            later::add,
            again::add);

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

    @Test
    void whatTheBrokerDidNotTakeIsToldUntilItDoes() {
        away = true;
        acknowledgements.add(Map.of(ONE, at(10), TWO, at(5)));
        later.remove().run();
        again.remove().run();
        assertThat(later).isEmpty();
        away = false;
        again.remove().run();
        later.remove().run();

        assertThat(commits).containsExactly(Map.of(ONE, at(10), TWO, at(5)));
        assertThat(again).isEmpty();
    }

    @Test
    void anotherTryNeverGoesBack() {
        away = true;
        acknowledgements.add(Map.of(ONE, at(10), TWO, at(5)));
        later.remove().run();
        away = false;
        acknowledgements.add(Map.of(ONE, at(12)));
        later.remove().run();
        again.remove().run();
        later.remove().run();

        assertThat(commits).containsExactly(Map.of(ONE, at(12)), Map.of(TWO, at(5)));
    }

    @Test
    void whatIsAnothersByNowIsLeftToIt() {
        away = true;
        acknowledgements.add(Map.of(ONE, at(10), TWO, at(5)));
        later.remove().run();
        away = false;
        assigned.remove(ONE);
        again.remove().run();
        later.remove().run();

        assertThat(commits).containsExactly(Map.of(TWO, at(5)));
    }

    private static OffsetAndMetadata at(long offset) {
        return new OffsetAndMetadata(offset);
    }
}
