package dev.longshore.worker.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.attempt.Usage;
import dev.longshore.lane.Lane;
import dev.longshore.provider.BreakerName;
import dev.longshore.provider.ProviderBoard.Breaker;
import dev.longshore.provider.ProviderBoard.State;
import dev.longshore.worker.throttle.ProviderGate.Answer.Later;
import dev.longshore.worker.throttle.ProviderGate.Answer.Now;
import dev.longshore.worker.throttle.Served.ServedModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Which keys are used when some are not accepted. The board is played by the test.
class KeyRingTest {
    private static final Duration OPEN_FOR = Duration.ofSeconds(15);
    private static final AttemptOutcome UNKNOWN_KEY = refused(401);
    private static final AttemptOutcome FORBIDDEN = refused(403);
    private static final AttemptOutcome GOOD =
            new Answered(new Answer("{}", Usage.NONE, null, Duration.ZERO, new Reply(200, null, null, null)));
    private static final BreakerName KEY_ONE = BreakerName.ofKey("paper", 1);

    private final Served served = new Served(
            "paper",
            2,
            List.of(),
            List.of(new ServedModel("a", "model-a"), new ServedModel("b", "model-b")),
            new BreakerPolicy(5, 0.5, OPEN_FOR, 20, OPEN_FOR, OPEN_FOR));
    private final List<String> alarms = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private final ProviderGate gate = new ProviderGate(
            2,
            Map.of(),
            List.of(),
            List.of(List.of(), List.of()),
            Map.of("a", List.of(), "b", List.of()),
            () -> now,
            () -> 0,
            () -> 0.5);
    private final KeyRing keys =
            new KeyRing(List.of(served), Map.of("paper", gate), List.of(order("a"), order("b")), () -> now, () -> 0);

    private static AttemptOutcome refused(int status) {
        return new Refused(ErrorCode.PROVIDER_AUTH_FAILED, "said " + status, new Reply(status, null, null, null));
    }

    private static Order order(String model) {
        return new Order("paper", "model-" + model, model, Lane.STANDARD, new Load(1, 1));
    }

    private Permit permit(String model) {
        return ((Now) gate.ask(order(model))).permit();
    }

    private Permit permit(String model, int key) {
        Permit permit = permit(model);
        for (int i = 0; permit.key() != key; i++) {
            assertThat(i).as("turns until it is key " + key).isLessThan(2);
            permit = permit(model);
        }
        return permit;
    }

    private Set<Integer> used(String model) {
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            if (gate.ask(order(model)) instanceof Now(var permit)) {
                used.add(permit.key());
            }
        }
        return used;
    }

    private boolean refuse(String model, int key, AttemptOutcome how) {
        keys.onRefusedKey((provider, number) -> alarms.add(provider + " " + number));
        return keys.ended(permit(model, key), how);
    }

    /// The exchange has written the news and read the board.
    private void exchanged(State state) {
        for (SharedBreaker breaker : keys.breakers()) {
            Circuit.News news = breaker.circuit().news();
            if (news != null) {
                breaker.circuit().written(news);
            }
        }
        keys.learn(Map.of(
                KEY_ONE,
                new Breaker(KEY_ONE, state, "said 401", state == State.OPEN ? now.plus(OPEN_FOR) : null, null)));
    }

    @Test
    void aKeyThatIsNotKnownIsUsedForNoModelAndTheJobIsTriedWithAnother() {
        assertThat(refuse("a", 1, UNKNOWN_KEY)).isTrue();

        assertThat(used("a")).containsOnly(0);
        assertThat(used("b")).containsOnly(0);
        assertThat(alarms).containsExactly("paper 1");
        assertThat(gate.hasKey("a")).isTrue();
    }

    @Test
    void whatIsForbiddenMayBeForbiddenForOneModelOnly() {
        assertThat(refuse("a", 1, FORBIDDEN)).isTrue();

        assertThat(used("a")).containsOnly(0);
        assertThat(used("b")).containsOnly(0, 1);
    }

    @Test
    void withoutAnyKeyLeftTheJobFailsAndOthersAreHeldBack() {
        refuse("a", 1, UNKNOWN_KEY);
        assertThat(refuse("a", 0, UNKNOWN_KEY)).isFalse();

        assertThat(gate.ask(order("b"))).isInstanceOfSatisfying(Later.class, later -> {
            assertThat(later.why().detail()).isEqualTo("no key is accepted: said 401");
            assertThat(later.why().until()).isAfterOrEqualTo(now.plus(OPEN_FOR));
        });
        assertThat(gate.hasKey("b")).isFalse();
        assertThat(gate.idle("b")).isZero();
    }

    @Test
    void itIsTriedOnceItsTimeHasComeThoughAnotherKeyIsGood() {
        refuse("a", 1, UNKNOWN_KEY);
        exchanged(State.OPEN);
        assertThat(used("a")).containsOnly(0);
        now = now.plus(OPEN_FOR);

        Permit trial = permit("b");
        assertThat(trial.key()).isEqualTo(1);
        assertThat(Objects.requireNonNull(trial.keyTrial()).name()).isEqualTo(KEY_ONE);
        assertThat(used("a")).as("one asks for the trial at a time").containsOnly(0);

        keys.ended(trial, GOOD);
        exchanged(State.CLOSED);
        assertThat(used("a")).containsOnly(0, 1);
    }

    @Test
    void aTrialThatFailsLeavesItAloneForAsLongAgain() {
        refuse("a", 1, UNKNOWN_KEY);
        exchanged(State.OPEN);
        now = now.plus(OPEN_FOR);

        assertThat(keys.ended(permit("a"), UNKNOWN_KEY)).isTrue();

        exchanged(State.OPEN);
        now = now.plus(OPEN_FOR).minusSeconds(1);
        assertThat(used("a")).containsOnly(0);
        now = now.plusSeconds(1);
        assertThat(used("a")).containsOnly(0, 1);
    }

    @Test
    void aTrialThatToldNothingIsNeitherGoodNorBad() {
        refuse("a", 1, UNKNOWN_KEY);
        exchanged(State.OPEN);
        now = now.plus(OPEN_FOR);
        Permit trial = permit("a");

        keys.ended(trial, new Interrupted(Interruption.CANCEL, true));

        assertThat(Objects.requireNonNull(trial.keyTrial()).circuit().news())
                .isEqualTo(new Circuit.News.TrialToldNothing());
    }

    /// A prediction that was bought with the good key and is waited for under a permit for the other.
    @Test
    void whatAnotherKeyIsToldEndsNoTrial() {
        refuse("a", 1, UNKNOWN_KEY);
        exchanged(State.OPEN);
        now = now.plus(OPEN_FOR);
        Permit trial = permit("a");
        Reply reply = new Reply(200, "p-1", null, null).toAnotherKey();

        assertThat(keys.ended(trial, new Answered(new Answer("{}", Usage.NONE, null, Duration.ZERO, reply))))
                .isFalse();

        assertThat(Objects.requireNonNull(trial.keyTrial()).circuit().news())
                .isEqualTo(new Circuit.News.TrialToldNothing());
    }

    @Test
    void whatAnotherKeyIsRefusedIsNotBlamedOnThisOne() {
        Reply reply = new Reply(200, "p-1", null, null).toAnotherKey();

        assertThat(refuse("a", 1, new Refused(ErrorCode.PROVIDER_AUTH_FAILED, "no", reply)))
                .isFalse();

        assertThat(alarms).isEmpty();
        assertThat(used("a")).containsOnly(0, 1);
    }

    @Test
    void whoIsForbiddenAModelIsKnownNevertheless() {
        refuse("a", 1, UNKNOWN_KEY);
        exchanged(State.OPEN);
        now = now.plus(OPEN_FOR);
        Permit trial = permit("a");

        assertThat(keys.ended(trial, FORBIDDEN)).isTrue();

        exchanged(State.CLOSED);
        assertThat(used("b")).containsOnly(0, 1);
    }

    @Test
    void whatOtherWorkersHaveFoundOutIsHeeded() {
        keys.learn(Map.of(KEY_ONE, new Breaker(KEY_ONE, State.OPEN, "said 401", now.plus(OPEN_FOR), null)));
        assertThat(used("a")).containsOnly(0);
        keys.learn(Map.of(KEY_ONE, new Breaker(KEY_ONE, State.CLOSED, "good", null, null)));
        assertThat(used("a")).containsOnly(0, 1);
    }

    @Test
    void rowsOfKeysThatAreNoMoreAreReadOver() {
        BreakerName third = BreakerName.ofKey("paper", 2);
        BreakerName others = BreakerName.ofKey("gone", 0);
        keys.learn(Map.of(
                third, new Breaker(third, State.OPEN, "said 401", now.plus(OPEN_FOR), null),
                others, new Breaker(others, State.OPEN, "said 401", now.plus(OPEN_FOR), null)));
        assertThat(keys.breakers()).isEmpty();
        assertThat(used("a")).containsOnly(0, 1);
    }
}
