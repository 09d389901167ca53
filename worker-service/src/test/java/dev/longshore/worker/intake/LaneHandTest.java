package dev.longshore.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.lane.Lane;
import dev.longshore.worker.intake.LaneHand.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaneHandTest {
    private final LaneHand hand = new LaneHand();
    private final List<String> acknowledged = new ArrayList<>();

    private Page page(String name, int first, int count) {
        return new Page(Lane.STANDARD, ids(first, count), () -> acknowledged.add(name));
    }

    private static List<UUID> ids(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> new UUID(0, i))
                .toList();
    }

    private static boolean done(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isDone();
    }

    @Test
    void theOldestTicketsArePlayedFirstAcrossPages() {
        hand.add(page("a", 0, 3));
        hand.add(page("b", 3, 3));
        assertThat(hand.take(4)).extracting(Held::jobId).isEqualTo(ids(0, 4));
        assertThat(hand.held()).isEqualTo(2);
        assertThat(hand.take(2)).extracting(Held::jobId).isEqualTo(ids(4, 2));
        assertThat(hand.held()).isZero();
    }

    @Test
    void aPageIsAcknowledgedWhenItsLastTicketHasBeenDealtWith() {
        hand.add(page("a", 0, 2));
        hand.add(page("b", 2, 2));
        List<Held> played = hand.take(3);
        assertThat(acknowledged).isEmpty();
        played.get(0).page().dealtWith();
        assertThat(acknowledged).isEmpty();
        played.get(1).page().dealtWith();
        assertThat(acknowledged).containsExactly("a");
        played.get(2).page().dealtWith();
        assertThat(acknowledged).containsExactly("a");
        hand.take(1).getFirst().page().dealtWith();
        assertThat(acknowledged).containsExactly("a", "b");
    }

    @Test
    void aSmallHandWantsMoreAtOnce() {
        assertThat(done(hand.add(page("a", 0, 100)))).isTrue();
    }

    @Test
    void aFullHandWantsMoreOnlyWhenItIsNearlyEmpty() {
        CompletionStage<Void> wanted = hand.add(page("a", 0, 250));
        assertThat(done(wanted)).isFalse();
        hand.take(149);
        assertThat(hand.callers()).isEmpty();
        hand.take(1);
        assertThat(hand.callers()).containsExactly(wanted.toCompletableFuture());
        assertThat(hand.callers()).as("each is told once").isEmpty();
    }

    @Test
    void aTicketKnowsItsLaneThroughItsPage() {
        hand.add(page("a", 0, 1));
        assertThat(hand.take(1).getFirst().page().lane()).isEqualTo(Lane.STANDARD);
    }
}
