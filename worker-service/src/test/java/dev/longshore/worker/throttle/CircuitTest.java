package dev.longshore.worker.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.provider.BreakerName;
import dev.longshore.provider.ProviderBoard.Breaker;
import dev.longshore.provider.ProviderBoard.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// One worker's side of a breaker.
class CircuitTest {
    private static final Duration QUICK = Duration.ofMillis(20);
    private static final Duration OPEN_FOR = Duration.ofSeconds(15);

    private Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private long nanos;
    private final Circuit circuit =
            new Circuit(new BreakerPolicy(3, 0.5, Duration.ofSeconds(60), 10, Duration.ofSeconds(5), OPEN_FOR));

    private boolean ends(CallHealth health) {
        return circuit.ended(health, QUICK, false, "down", false, now, nanos);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
    }

    private void written() {
        Circuit.News news = circuit.news();
        assertThat(news).isNotNull();
        circuit.written(news);
    }

    private void openAndWritten() {
        circuit.ended(CallHealth.FAILED, QUICK, false, "401", true, now, nanos);
        written();
        circuit.learn(breaker(State.OPEN));
    }

    private Breaker breaker(State state) {
        return new Breaker(
                BreakerName.ofModel("paper", "m"),
                state,
                "as the board says",
                state == State.OPEN ? now.plus(OPEN_FOR) : null,
                null);
    }

    @Test
    void failuresInARowOpenIt() {
        assertThat(ends(CallHealth.FAILED)).isFalse();
        assertThat(ends(CallHealth.FAILED)).isFalse();
        assertThat(circuit.way(now)).isEqualTo(Circuit.Way.FREE);
        assertThat(ends(CallHealth.FAILED)).isTrue();

        assertThat(circuit.way(now)).isEqualTo(Circuit.Way.BARRED);
        assertThat(circuit.news()).isEqualTo(new Circuit.News.Opened("3 failures in a row: down"));
    }

    @Test
    void aGoodCallBeginsTheCountAnew() {
        ends(CallHealth.FAILED);
        ends(CallHealth.FAILED);
        ends(CallHealth.GOOD);
        ends(CallHealth.FAILED);
        assertThat(ends(CallHealth.FAILED)).isFalse();
    }

    @Test
    void theShareOfFailedAndSlowCallsOpensItOnceThereAreEnough() {
        for (int i = 0; i < 4; i++) {
            ends(CallHealth.FAILED);
            assertThat(ends(CallHealth.GOOD)).isFalse();
        }
        assertThat(ends(CallHealth.GOOD)).as("nine calls are too few").isFalse();
        assertThat(ends(CallHealth.SLOW)).as("five of ten").isTrue();
    }

    @Test
    void whatIsOlderThanTheWindowDoesNotCount() {
        for (int i = 0; i < 5; i++) {
            ends(CallHealth.SLOW);
        }
        pass(Duration.ofSeconds(61));
        for (int i = 0; i < 9; i++) {
            assertThat(ends(CallHealth.GOOD)).isFalse();
        }
        assertThat(ends(CallHealth.SLOW)).isFalse();
    }

    @Test
    void aProviderThatOnlyAsksForPatienceIsNotBroken() {
        for (int i = 0; i < 40; i++) {
            assertThat(ends(CallHealth.THROTTLED)).isFalse();
        }
    }

    @Test
    void aWrongKeyOpensItAtOnce() {
        assertThat(circuit.ended(CallHealth.FAILED, QUICK, false, "401", true, now, nanos))
                .isTrue();
        assertThat(circuit.way(now)).isEqualTo(Circuit.Way.BARRED);
    }

    @Test
    void theTrialIsToBeHadWhenTheTimeHasComeAndAskedForOneAtATime() {
        openAndWritten();
        pass(OPEN_FOR.minusMillis(1));
        assertThat(circuit.way(now)).isEqualTo(Circuit.Way.BARRED);
        pass(Duration.ofMillis(1));

        assertThat(circuit.way(now)).isEqualTo(Circuit.Way.TRIAL);
        assertThat(circuit.way(now)).as("somebody is asking").isEqualTo(Circuit.Way.BARRED);
        pass(Duration.ofMillis(500));
        assertThat(circuit.way(now)).isEqualTo(Circuit.Way.TRIAL);
    }

    @Test
    void aTrialThatWentWellIsToldAndTheBoardFreesTheWay() {
        openAndWritten();
        pass(OPEN_FOR);
        assertThat(circuit.ended(CallHealth.GOOD, QUICK, true, "", false, now, nanos))
                .isTrue();
        assertThat(circuit.learn(breaker(State.CLOSED)))
                .as("our own news is newer than the board")
                .isFalse();
        written();

        assertThat(circuit.learn(breaker(State.CLOSED))).isTrue();
        assertThat(circuit.way(now)).isEqualTo(Circuit.Way.FREE);
    }

    @Test
    void aTrialThatFailedOpensItAgain() {
        openAndWritten();
        pass(OPEN_FOR);
        assertThat(circuit.ended(CallHealth.FAILED, QUICK, true, "down", false, now, nanos))
                .isTrue();
        assertThat(circuit.news()).isEqualTo(new Circuit.News.Opened("the trial call failed: down"));
        assertThat(circuit.way(now)).isEqualTo(Circuit.Way.BARRED);
    }

    @Test
    void callsFromBeforeTheOpeningChangeNothing() {
        openAndWritten();
        assertThat(ends(CallHealth.GOOD)).isFalse();
        assertThat(ends(CallHealth.FAILED)).isFalse();
        assertThat(circuit.news()).isNull();
    }

    @Test
    void anotherWorkersOpeningBarsTheWayHereToo() {
        circuit.learn(breaker(State.OPEN));
        assertThat(circuit.way(now)).isEqualTo(Circuit.Way.BARRED);
        assertThat(circuit.reason()).isEqualTo("as the board says");
        circuit.learn(null);
        assertThat(circuit.way(now)).isEqualTo(Circuit.Way.FREE);
    }
}
