package dev.longshore.api.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.lane.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeparturesTest {
    private record Gone(Lane lane, List<UUID> jobs) {}

    private final BlockingQueue<Gone> gone = new LinkedBlockingQueue<>();

    @Test
    void nobodyWaitsForABrokerAndWhatGathersMeanwhileGoesTogether() throws InterruptedException {
        CountDownLatch under = new CountDownLatch(1);
        CountDownLatch away = new CountDownLatch(1);
        try (Departures departures = new Departures((lane, jobs) -> {
            under.countDown();
            uninterrupted(away);
            gone.add(new Gone(lane, jobs));
        })) {
            List<UUID> first = jobs(2);
            departures.add(Lane.STANDARD, first);
            under.await();
            List<UUID> second = jobs(3);
            List<UUID> third = jobs(4);
            List<UUID> urgent = jobs(1);
            // With the broker away, all of these return.
            departures.add(Lane.STANDARD, second);
            departures.add(Lane.INTERACTIVE, urgent);
            departures.add(Lane.STANDARD, third);
            away.countDown();
            assertThat(gone.take()).isEqualTo(new Gone(Lane.STANDARD, first));
            assertThat(List.of(gone.take(), gone.take()))
                    .containsExactlyInAnyOrder(
                            new Gone(Lane.INTERACTIVE, urgent),
                            new Gone(
                                    Lane.STANDARD,
                                    Stream.concat(second.stream(), third.stream())
                                            .toList()));
        }
    }

    @Test
    void oneThatFailsDoesNotEndTheService() throws InterruptedException {
        try (Departures departures = new Departures((lane, jobs) -> {
            if (lane == Lane.BATCH) {
                throw new IllegalStateException("thrown by this test");
            }
            gone.add(new Gone(lane, jobs));
        })) {
            departures.add(Lane.BATCH, jobs(1));
            List<UUID> next = jobs(1);
            departures.add(Lane.STANDARD, next);
            assertThat(gone.take()).isEqualTo(new Gone(Lane.STANDARD, next));
        }
    }

    @Test
    void closingLetsTheLastGo() {
        List<UUID> all = jobs(1_000);
        try (Departures departures = new Departures((lane, jobs) -> gone.add(new Gone(lane, jobs)))) {
            all.forEach(job -> departures.add(Lane.STANDARD, List.of(job)));
        }
        List<UUID> went = new ArrayList<>();
        gone.forEach(departure -> went.addAll(departure.jobs()));
        assertThat(went).isEqualTo(all);
    }

    private static List<UUID> jobs(int count) {
        return Stream.generate(UUID::randomUUID).limit(count).toList();
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
