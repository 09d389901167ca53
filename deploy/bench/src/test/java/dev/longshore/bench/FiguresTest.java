package dev.longshore.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void theMedianIsTheOneInTheMiddle() {
        assertThat(Figures.median(List.of(5.0, 100.0, 1.0))).isEqualTo(5);
        assertThat(Figures.median(List.of(7.0))).isEqualTo(7);
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(Figures.median(List.of(4.0, 1.0, 2.0, 100.0))).isEqualTo(3);
    }

    @Test
    void nothingHasNoMedian() {
        assertThatThrownBy(() -> Figures.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachFigureHasItsOwnMedianOverTheRoundsThatHaveIt() {
        Figures medians = Figures.medians(List.of(
                new Figures().put("L1", 10).put("W1_64.rate", 1),
                new Figures().put("L1", 30),
                new Figures().put("L1", 20).put("W1_64.rate", 3)));

        assertThat(medians.get("L1")).isEqualTo(20);
        assertThat(medians.get("W1_64.rate")).isEqualTo(2);
    }

    @Test
    void aRatioIsToTheLimitOfItsOwnRoundAndAbsentWithoutIt() {
        Figures figures = new Figures().put("L1", 200);

        figures.ratio("W1_64.x_L1", 100, "L1");
        figures.ratio("W2.x_L3", 100, "L3");

        assertThat(figures.get("W1_64.x_L1")).isEqualTo(0.5);
        assertThat(figures.has("W2.x_L3")).isFalse();
    }
}
