package dev.longshore.worker.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.Headroom.Left;
import dev.longshore.lane.Lane;
import dev.longshore.testing.chance.Seeded;
import dev.longshore.worker.throttle.ProviderGate.Answer.Now;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Some workers before one provider that says how many calls it still takes: the same to each of them.
class SharedHeadroomTest {
    private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
    private static final Order ORDER = new Order("paper", "m", "m", Lane.STANDARD, new Load(1, 1));

    private Instant now = START;

    private ProviderGate gate() {
        return new ProviderGate(
                1,
                Map.of(),
                List.of(),
                List.of(List.of()),
                Map.of("m", List.of()),
                () -> now,
                () -> Duration.between(START, now).toNanos(),
                () -> 0.5);
    }

    private List<ProviderGate> told(int workers, Left left) {
        List<ProviderGate> gates = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            ProviderGate gate = gate();
            gate.sharedBy(workers);
            long sequence = ((Now) gate.ask(ORDER)).permit().sequence();
            gate.onRest("m", 0, rest -> {
                rest.told(left, now, sequence, "nearly used up");
                return true;
            });
            gates.add(gate);
        }
        return gates;
    }

    private static int takenByAll(List<ProviderGate> gates) {
        int taken = 0;
        for (ProviderGate gate : gates) {
            while (gate.ask(ORDER) instanceof Now) {
                taken++;
            }
        }
        return taken;
    }

    @Test
    void allTogetherTakeWhatTheyAreToldAndNoMoreAtAnyTime() {
        Seeded.check("all together take what they are told and no more", 500, random -> {
            now = START;
            int workers = 1 + random.nextInt(8);
            Left left = new Left(random.nextInt(300), 0.05 + 20 * random.nextDouble());
            List<ProviderGate> gates = told(workers, left);
            double taken = 0;
            for (int step = 0; step < 20; step++) {
                taken += random.nextBoolean() ? takenByAll(gates) : takenBySome(gates, random);
                assertThat(taken).as("at %s", now).isLessThanOrEqualTo(grown(left) + 1e-6);
                now = now.plusMillis(random.nextInt(4_000));
            }
            taken += takenByAll(gates);
            assertThat(taken).isBetween(grown(left) - workers, grown(left) + 1e-6);
        });
    }

    private static int takenBySome(List<ProviderGate> gates, Random random) {
        int taken = 0;
        for (int i = random.nextInt(30); i > 0; i--) {
            taken += gates.get(random.nextInt(gates.size())).ask(ORDER) instanceof Now ? 1 : 0;
        }
        return taken;
    }

    private double grown(Left left) {
        return left.now() + left.perSecond() * Duration.between(START, now).toMillis() / 1_000;
    }

    @Test
    void theShareOfAWorkerThatGoesIsTheOthers() {
        List<ProviderGate> gates = told(4, new Left(40, 0.001));
        ProviderGate one = gates.getFirst();
        assertThat(takenByAll(List.of(one))).isEqualTo(10);

        one.sharedBy(2);

        assertThat(takenByAll(List.of(one))).isEqualTo(10);
    }

    @Test
    void theTimeToComeBackIsThatOfTheOwnShare() {
        ProviderGate one = told(5, new Left(0, 0.5)).getFirst();
        assertThat(one.ask(ORDER))
                .isInstanceOfSatisfying(
                        ProviderGate.Answer.Later.class,
                        later -> assertThat(later.why().until()).isEqualTo(now.plusSeconds(10)));
    }
}
