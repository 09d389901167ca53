package dev.longshore.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.worker.delivery.Claims.Share;
import dev.longshore.worker.delivery.DueReceivers.DueReceiver;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How receivers share the places for calls.
class PlacesTest {
    private final Places places = new Places(1_000);

    private static DueReceiver receiver(int failures) {
        return new DueReceiver(UUID.randomUUID(), failures, null, true);
    }

    private static List<DueReceiver> receivers(int count) {
        return IntStream.range(0, count).mapToObj(_ -> receiver(0)).toList();
    }

    /// Lets all of them take what they may, round after round, until nobody may take more.
    private void hang(List<DueReceiver> receivers) {
        boolean more = true;
        while (more) {
            more = false;
            for (Share share : places.shares(receivers)) {
                int has = places.taken(share.receiverId());
                for (int i = has; i < share.most() && places.free() > 0; i++) {
                    places.take(share.receiverId());
                    more = true;
                }
            }
        }
    }

    @Test
    void oneAloneMayHaveTheMostOfAReceiver() {
        assertThat(places.shares(receivers(1)).getFirst().most()).isEqualTo(ReceiverHealth.MOST_AT_ONCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 31, 60, 300, 900})
    void howeverManyHangTheNextFindsRoom(int count) {
        hang(receivers(count));
        assertThat(places.free()).isGreaterThanOrEqualTo(7);
        assertThat(places.shares(receivers(1)).getFirst().most()).isPositive();
    }

    @Test
    void thoseInTroubleLeaveTheLastTenthToOthers() {
        hang(receivers(200));
        hang(receivers(100));
        assertThat(places.free()).isLessThanOrEqualTo(100);

        assertThat(places.shares(List.of(receiver(1)))).isEmpty();
        assertThat(places.shares(List.of(receiver(0)))).hasSize(1);
    }

    @Test
    void whatIsGivenBackMayBeTakenAgain() throws InterruptedException {
        DueReceiver one = receiver(0);
        places.take(one.id());
        assertThat(places.taken()).isEqualTo(1);
        assertThat(places.awaitEmpty(Duration.ZERO)).isFalse();
        places.release(one.id());
        assertThat(places.taken()).isZero();
        assertThat(places.awaitEmpty(Duration.ZERO)).isTrue();
        assertThat(places.free()).isEqualTo(1_000);
    }
}
