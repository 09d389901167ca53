package dev.longshore.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.standalone.arguments.Arguments;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OrderTest {
    @Test
    void everythingIsMeasuredThreeTimesByDefault() {
        Order order = Order.of();

        assertThat(order.workloads()).containsExactlyInAnyOrder(Workload.values());
        assertThat(order.rounds()).isEqualTo(3);
        assertThat(order.quick()).isFalse();
        assertThat(order.json()).isEmpty();
    }

    @Test
    void quickMeansOneRoundUnlessMoreAreAskedFor() {
        assertThat(Order.of("--quick").rounds()).isEqualTo(1);
        assertThat(Order.of("--quick", "--rounds", "2").rounds()).isEqualTo(2);
    }

    @Test
    void readersOfEventsAreLeftOutOfTheQuickFormUnlessAskedFor() {
        assertThat(Order.of("--quick").workloads()).hasSize(6).doesNotContain(Workload.SSE);
        assertThat(Order.of("--quick", "--workloads", "SSE").workloads()).containsExactly(Workload.SSE);
    }

    @Test
    void workloadsAreChosenByName() {
        assertThat(Order.of("--workloads", "W1, life,W5").workloads())
                .containsExactlyInAnyOrder(Workload.W1, Workload.LIFE, Workload.W5);
    }

    @Test
    void theFileForFiguresIsFoundFromTheWorkingFolder() {
        assertThat(Order.of("--json", "figures.json").json())
                .contains(Path.of("figures.json").toAbsolutePath());
    }

    @Test
    void whatIsNotKnownIsRefused() {
        assertThatThrownBy(() -> Order.of("--fast"))
                .isInstanceOf(Arguments.Refused.class)
                .hasMessageContaining("--fast");
        assertThatThrownBy(() -> Order.of("--workloads", "W1,W9"))
                .isInstanceOf(Arguments.Refused.class)
                .hasMessageContaining("W9")
                .hasMessageContaining("W1, W2, life, W3, W4, W5, SSE");
        assertThatThrownBy(() -> Order.of("--workloads", "")).isInstanceOf(Arguments.Refused.class);
        assertThatThrownBy(() -> Order.of("--rounds", "0")).isInstanceOf(Arguments.Refused.class);
    }
}
