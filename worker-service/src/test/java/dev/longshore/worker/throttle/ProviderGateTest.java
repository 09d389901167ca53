package dev.longshore.worker.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.Headroom.Left;
import dev.longshore.job.WaitReason;
import dev.longshore.lane.Lane;
import dev.longshore.provider.PermitShares.Grant;
import dev.longshore.worker.throttle.Admission.HeldBack;
import dev.longshore.worker.throttle.ProviderGate.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// One worker's permits for one provider. The dealing with the others is played by the test.
class ProviderGateTest {
    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private long nanos;

    private ProviderGate gate(int keys, Limit... limits) {
        Served served = new Served(
                "paper", keys, List.of(limits), List.of(), new BreakerPolicy(5, 0.5, SECOND, 20, SECOND, SECOND));
        Map<String, List<Allowance>> ofModels = new HashMap<>();
        for (String model : List.of("a", "b")) {
            ofModels.put(model, served.allowances(Served.ownerOfModel("paper", model), LEASE));
        }
        ProviderGate gate = new ProviderGate(
                keys,
                Map.of(Lane.BATCH, 0.2),
                served.allowances(Served.owner("paper"), LEASE),
                IntStream.range(0, keys)
                        .mapToObj(key -> served.allowances(Served.ownerOfKey("paper", key), LEASE))
                        .toList(),
                ofModels,
                () -> now,
                () -> nanos,
                () -> 0.5);
        // Everything is dealt to this worker.
        grantAll(gate);
        return gate;
    }

    private void grantAll(ProviderGate gate) {
        Map<String, Grant> grants = new HashMap<>();
        gate.claims().forEach(claim -> grants.put(claim.allowance(), new Grant(claim.limit(), claim.limit())));
        gate.grant(grants, nanos);
    }

    private static Limit limit(Unit unit, long most) {
        return new Limit(Served.owner("paper"), unit, most);
    }

    private static Order order(String model, Lane lane, int tokens) {
        return new Order("paper", model, model, lane, new Load(tokens, 0));
    }

    private static Order order(Lane lane) {
        return order("a", lane, 1);
    }

    private static Permit permit(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Now.class);
        return ((Answer.Now) answer).permit();
    }

    private static CompletableFuture<Optional<Permit>> inLine(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.InLine.class);
        return ((Answer.InLine) answer).turn();
    }

    private static HeldBack later(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Later.class);
        return ((Answer.Later) answer).why();
    }

    private void pass(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
    }

    private void giveBack(ProviderGate gate, Permit permit) {
        gate.giveBack(permit, permit.order().load(), SECOND);
    }

    @Test
    void withoutLimitsEveryCallIsLetThrough() {
        ProviderGate gate = gate(1);
        for (int i = 0; i < 1_000; i++) {
            permit(gate.ask(order(Lane.BATCH)));
        }
    }

    @Test
    void noMoreCallsAtOnceThanAreAllowed() {
        ProviderGate gate = gate(1, limit(Unit.CALLS_AT_ONCE, 2));
        Permit first = permit(gate.ask(order(Lane.STANDARD)));
        permit(gate.ask(order(Lane.STANDARD)));
        CompletableFuture<Optional<Permit>> turn = inLine(gate.ask(order(Lane.STANDARD)));
        assertThat(turn).isNotDone();

        giveBack(gate, first);

        assertThat(turn).isCompletedWithValueMatching(Optional::isPresent);
    }

    @Test
    void theMostUrgentLaneIsServedFirst() {
        ProviderGate gate = gate(1, limit(Unit.CALLS_AT_ONCE, 1));
        Permit running = permit(gate.ask(order(Lane.BATCH)));
        CompletableFuture<Optional<Permit>> standard = inLine(gate.ask(order(Lane.STANDARD)));
        CompletableFuture<Optional<Permit>> interactive = inLine(gate.ask(order(Lane.INTERACTIVE)));

        giveBack(gate, running);

        assertThat(interactive).isDone();
        assertThat(standard).isNotDone();
    }

    @Test
    void theFloorOfALaneIsKeptAgainstTheMoreUrgent() {
        ProviderGate gate = gate(1, limit(Unit.CALLS_AT_ONCE, 10));
        List<Permit> running = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            running.add(permit(gate.ask(order(Lane.INTERACTIVE))));
        }
        List<CompletableFuture<Optional<Permit>>> batch = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            inLine(gate.ask(order(Lane.INTERACTIVE)));
            batch.add(inLine(gate.ask(order(Lane.BATCH))));
        }
        for (int i = 0; i < 5; i++) {
            giveBack(gate, running.get(i));
        }

        // A fifth of ten calls: two of the five permits that came free.
        assertThat(batch.stream().filter(CompletableFuture::isDone)).hasSize(2);
    }

    @Test
    void aLineIsNoLongerThanWhatCanBeServedSoon() {
        ProviderGate gate = gate(1, limit(Unit.CALLS_AT_ONCE, 1));
        permit(gate.ask(order(Lane.STANDARD)));
        for (int i = 0; i < 8; i++) {
            inLine(gate.ask(order(Lane.STANDARD)));
        }
        HeldBack first = later(gate.ask(order(Lane.STANDARD)));
        HeldBack second = later(gate.ask(order(Lane.STANDARD)));

        assertThat(first.reason()).isEqualTo(WaitReason.CONCURRENCY);
        assertThat(first.detail()).isEqualTo("provider:paper allows 1 concurrent");
        assertThat(second.until()).as("one after the other").isAfter(first.until());
    }

    @Test
    void aModelThatIsFullDoesNotHoldUpAnother() {
        ProviderGate gate = gate(1, new Limit(Served.ownerOfModel("paper", "a"), Unit.CALLS_AT_ONCE, 1));
        permit(gate.ask(order(Lane.STANDARD)));
        inLine(gate.ask(order(Lane.STANDARD)));
        permit(gate.ask(order("b", Lane.BATCH, 1)));
    }

    @Test
    void callsOfAMinuteAreCountedUntilItIsOver() {
        ProviderGate gate = gate(1, limit(Unit.CALLS, 3));
        for (int i = 0; i < 3; i++) {
            giveBack(gate, permit(gate.ask(order(Lane.STANDARD))));
        }
        HeldBack held = later(gate.ask(order(Lane.STANDARD)));
        assertThat(held.reason()).isEqualTo(WaitReason.RATE_LIMITED);
        assertThat(Duration.between(now, held.until())).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(81));

        pass(Duration.ofSeconds(61));
        grantAll(gate);
        permit(gate.ask(order(Lane.STANDARD)));
    }

    @Test
    void tokensCountAsExpectedAndThenAsTheyWere() {
        ProviderGate gate = gate(1, limit(Unit.TOKENS, 100));
        Permit heavy = permit(gate.ask(order("a", Lane.STANDARD, 90)));
        assertThat(gate.ask(order("a", Lane.STANDARD, 20))).isNotInstanceOf(Answer.Now.class);

        gate.giveBack(heavy, new Load(30, 0), SECOND);

        permit(gate.ask(order("b", Lane.STANDARD, 70)));
    }

    @Test
    void aCallThatIsHeavierThanTheWholeLimitGoesAlone() {
        ProviderGate gate = gate(1, limit(Unit.TOKENS, 100));
        permit(gate.ask(order("a", Lane.STANDARD, 5_000)));
    }

    @Test
    void callsAreSpreadOverKeysByWhatEachHasLeft() {
        ProviderGate gate = gate(
                2,
                new Limit(Served.ownerOfKey("paper", 0), Unit.CALLS_AT_ONCE, 2),
                new Limit(Served.ownerOfKey("paper", 1), Unit.CALLS_AT_ONCE, 6));
        List<Integer> keys = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            keys.add(permit(gate.ask(order(Lane.STANDARD))).key());
        }
        assertThat(keys.stream().filter(key -> key == 0)).hasSize(2);
        assertThat(gate.ask(order(Lane.STANDARD))).isInstanceOf(Answer.InLine.class);
    }

    @Test
    void aKeyThatRestsIsPassedOverAndWithAllRestingTheSoonestIsTold() {
        ProviderGate gate = gate(2);
        gate.rest("a", 0, now.plusSeconds(30), "429");
        assertThat(permit(gate.ask(order(Lane.STANDARD))).key()).isEqualTo(1);
        assertThat(permit(gate.ask(order(Lane.STANDARD))).key()).isEqualTo(1);
        gate.rest("a", 1, now.plusSeconds(10), "429");

        HeldBack held = later(gate.ask(order(Lane.STANDARD)));

        assertThat(held.until()).isBetween(now.plusSeconds(10), now.plusSeconds(11));
        permit(gate.ask(order("b", Lane.STANDARD, 1)));
        pass(Duration.ofSeconds(10));
        assertThat(permit(gate.ask(order(Lane.STANDARD))).key()).isEqualTo(1);
    }

    @Test
    void aPartThatIsNotConfirmedInTimeIsNoLongerOurs() {
        ProviderGate gate = gate(1, limit(Unit.CALLS_AT_ONCE, 5));
        pass(Duration.ofSeconds(15));
        permit(gate.ask(order(Lane.STANDARD)));
        pass(Duration.ofSeconds(2));
        assertThat(gate.ask(order(Lane.STANDARD))).isNotInstanceOf(Answer.Now.class);
    }

    @Test
    void whatCouldNotBeHadIsWantedInTheNextDealing() {
        ProviderGate gate = gate(1, limit(Unit.CALLS_AT_ONCE, 100));
        gate.grant(Map.of("provider:paper/concurrent", new Grant(0, 0)), nanos);
        inLine(gate.ask(order(Lane.STANDARD)));
        inLine(gate.ask(order(Lane.STANDARD)));

        assertThat(gate.claims().getFirst().wanted()).isEqualTo(2);
        assertThat(gate.claims().getFirst().wanted()).as("it is said once").isZero();
    }

    @Test
    void whoLeavesTheLineTakesNoPermitWithIt() {
        ProviderGate gate = gate(1, limit(Unit.CALLS_AT_ONCE, 1));
        Permit running = permit(gate.ask(order(Lane.STANDARD)));
        Order order = order(Lane.STANDARD);
        CompletableFuture<Optional<Permit>> turn = inLine(gate.ask(order));
        later(gate.leave(order, turn));
        giveBack(gate, running);
        permit(gate.ask(order(Lane.STANDARD)));
    }

    @Test
    void aTurnThatCameWhileLeavingIsTaken() {
        ProviderGate gate = gate(1, limit(Unit.CALLS_AT_ONCE, 1));
        Permit running = permit(gate.ask(order(Lane.STANDARD)));
        Order order = order(Lane.STANDARD);
        CompletableFuture<Optional<Permit>> turn = inLine(gate.ask(order));
        giveBack(gate, running);
        permit(gate.leave(order, turn));
    }

    @Test
    void aProviderThatRefusesWithoutATimeIsAskedLessAndHeals() {
        ProviderGate gate = gate(1);
        for (int i = 0; i < 20; i++) {
            gate.onRest("a", 0, rest -> {
                rest.acceptance().ended(false, nanos);
                return true;
            });
        }
        HeldBack held = later(gate.ask(order(Lane.STANDARD)));
        assertThat(held.reason()).isEqualTo(WaitReason.RATE_LIMITED);
        permit(gate.ask(order("b", Lane.STANDARD, 1)));

        pass(Duration.ofSeconds(25));
        permit(gate.ask(order(Lane.STANDARD)));
    }

    @Test
    void nobodyIsSlowedDownForAFewRefusals() {
        ProviderGate gate = gate(1);
        for (int i = 0; i < 100; i++) {
            boolean accepted = i % 6 != 0;
            gate.onRest("a", 0, rest -> {
                rest.acceptance().ended(accepted, nanos);
                return true;
            });
            permit(gate.ask(order(Lane.STANDARD)));
        }
    }

    @Test
    void whoIsUrgentIsNotSentBehindThoseWhoAreNot() {
        ProviderGate gate = gate(1, limit(Unit.CALLS_AT_ONCE, 1));
        permit(gate.ask(order(Lane.BATCH)));
        HeldBack batch = null;
        for (int i = 0; i < 200; i++) {
            batch = gate.ask(order(Lane.BATCH)) instanceof Answer.Later(var why) ? why : batch;
        }
        assertThat(batch).isNotNull();
        assertThat(later(gate.ask(order(Lane.INTERACTIVE))).until())
                .isBefore(now.plusSeconds(3))
                .isBefore(batch.until());
    }

    @Test
    void theProvidersOwnCountHoldsBackAsManyAsItSays() {
        ProviderGate gate = gate(1);
        Permit first = permit(gate.ask(order(Lane.STANDARD)));
        permit(gate.ask(order(Lane.STANDARD)));
        gate.onRest("a", 0, rest -> {
            rest.told(new Left(3, 0.1), now, first.sequence(), "nearly used up");
            return true;
        });
        permit(gate.ask(order(Lane.STANDARD)));
        permit(gate.ask(order(Lane.STANDARD)));
        HeldBack held = later(gate.ask(order(Lane.STANDARD)));
        assertThat(held.detail()).isEqualTo("nearly used up");
        assertThat(held.until()).isEqualTo(now.plusSeconds(10));

        pass(Duration.ofSeconds(10));
        permit(gate.ask(order(Lane.STANDARD)));
        later(gate.ask(order(Lane.STANDARD)));
    }
}
