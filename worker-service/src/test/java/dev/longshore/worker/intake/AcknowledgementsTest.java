package dev.longshore.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {
    private static final TopicPartition ONE = new TopicPartition("lane.standard", 1);
    private static final TopicPartition TWO = new TopicPartition("lane.standard", 2);

    private final Queue<Runnable> later = new ArrayDeque<>();
    private final Queue<Runnable> again = new ArrayDeque<>();
    private final List<Map<TopicPartition, ReadUpTo>> commits = new ArrayList<>();
    private boolean away;
    private final Acknowledgements acknowledgements = new Acknowledgements(
            positions -> {
                if (away) {
                    return CompletableFuture.failedStage(new IllegalStateException("the broker is away"));
                }
                commits.add(positions);
                return CompletableFuture.completedStage(null);
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
        later.remove().run();
        assertThat(commits).isEmpty();
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

        assertThat(commits).containsExactly(Map.of(ONE, at(12)), Map.of(ONE, at(12), TWO, at(5)));
    }

    @Test
    void whatWasReadInALaterGenerationCountsMoreThanWhatIsFurther() {
        acknowledgements.add(Map.of(ONE, new ReadUpTo(1, 10)));
        acknowledgements.add(Map.of(ONE, new ReadUpTo(3, 8)));
        acknowledgements.add(Map.of(ONE, new ReadUpTo(2, 9)));
        later.remove().run();

        assertThat(commits).containsExactly(Map.of(ONE, new ReadUpTo(3, 8)));
    }

    private static ReadUpTo at(long offset) {
        return new ReadUpTo(1, offset);
    }
}
