package dev.longshore.rig.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Set<FaultGroup> ALL = EnumSet.allOf(FaultGroup.class);

    @Test
    void theSameSeedGivesTheSameSchedule() {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(Schedule.draw(seed, Duration.ofMinutes(10), ALL))
                    .isEqualTo(Schedule.draw(seed, Duration.ofMinutes(10), ALL));
        }
        assertThat(Schedule.draw(1, Duration.ofMinutes(10), ALL))
                .isNotEqualTo(Schedule.draw(2, Duration.ofMinutes(10), ALL));
    }

    @Test
    void aLongRunBreaksEverythingThatItMay() {
        for (FaultGroup group : FaultGroup.values()) {
            Set<FaultKind> broken = Schedule.draw(7, Duration.ofHours(1), Set.of(group)).faults().stream()
                    .map(Planned::kind)
                    .collect(Collectors.toSet());
            assertThat(broken).allMatch(kind -> kind.group() == group);
            for (FaultKind kind : FaultKind.values()) {
                if (kind.group() == group) {
                    assertThat(broken).contains(kind);
                }
            }
        }
    }

    @Test
    void whatOverlapsDoesNotNeedTheSameThing() {
        var faults = Schedule.draw(3, Duration.ofHours(1), ALL).faults();
        int overlaps = 0;
        for (Planned one : faults) {
            for (Planned other : faults) {
                if (one.number() < other.number() && other.beginMs() < one.endMs()) {
                    overlaps++;
                    assertThat(Collections.disjoint(
                                    one.kind().needs(one.target()), other.kind().needs(other.target())))
                            .as(one + " and " + other)
                            .isTrue();
                }
            }
        }
        assertThat(overlaps).isGreaterThan(20);
    }

    @Test
    void everyFaultIsOverBeforeTheRunIs() {
        for (long seed = 0; seed < 50; seed++) {
            var faults = Schedule.draw(seed, Duration.ofMinutes(2), ALL).faults();
            assertThat(faults).hasSizeGreaterThan(8);
            assertThat(faults).allSatisfy(fault -> assertThat(fault.endMs()).isLessThan(120_000));
        }
    }

    @Test
    void whereNothingMayBeBrokenNothingIs() {
        assertThat(Schedule.draw(1, Duration.ofMinutes(10), Set.of()).faults()).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameOrders() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(Order.of(5, i)).isEqualTo(Order.of(5, i));
        }
        assertThat(Order.of(5, 1)).isNotEqualTo(Order.of(6, 1));
    }

    @Test
    void ordersAreOfAllKinds() {
        int keyed = 0;
        int raced = 0;
        int cancelled = 0;
        int hungUp = 0;
        int reused = 0;
        int troubled = 0;
        int labelled = 0;
        int followed = 0;
        int toUrls = 0;
        int toEndpoints = 0;
        for (int i = 0; i < 1_000; i++) {
            Order order = Order.of(9, i);
            keyed += order.key() == null ? 0 : 1;
            raced += order.racers() > 1 ? 1 : 0;
            cancelled += order.cancelAfterMs() >= 0 ? 1 : 0;
            hungUp += order.hangUpAt() >= 0 ? 1 : 0;
            reused += order.other() == null ? 0 : 1;
            troubled += order.body().contains("[[sim") ? 1 : 0;
            labelled += order.body().contains("\"team\":\"search\"") ? 1 : 0;
            followed += order.followed() ? 1 : 0;
            Order.Hook hook = order.hook();
            toUrls += hook != null && hook.receiver() != null ? 1 : 0;
            toEndpoints += hook != null && hook.receiver() == null ? 1 : 0;
            assertThat(order.body().contains("\"webhook\"")).isEqualTo(hook != null);
            if (hook != null && hook.endpoint() >= 0) {
                assertThat(Subscriptions.PLANS.get(hook.endpoint()).tenant()).isEqualTo(order.tenant());
            }
        }
        assertThat(keyed).isBetween(600, 800);
        assertThat(raced).isBetween(20, 120);
        assertThat(cancelled).isBetween(60, 150);
        assertThat(hungUp).isBetween(20, 100);
        assertThat(reused).isBetween(20, 120);
        assertThat(troubled).isBetween(120, 250);
        assertThat(labelled).isBetween(230, 370);
        assertThat(followed).isBetween(100, 200);
        assertThat(toUrls).isBetween(110, 200);
        assertThat(toEndpoints).isBetween(20, 90);
    }

    @Test
    void anAddressComesToItsPlace() {
        for (int i = 0; i < 100; i++) {
            Order order = Order.of(9, i);
            if (order.hook() != null) {
                String field = order.hook().receiver() == null ? "endpoint_id" : "url";
                assertThat(order.addressed("there").body())
                        .contains("\"webhook\":{\"" + field + "\":\"there\"")
                        .hasSize(order.body().length() - "to be addressed".length() + "there".length());
                assertThat(order.addressed("there").other() == null).isEqualTo(order.other() == null);
            }
        }
    }
}
