package dev.longshore.standalone.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void optionsTakeTheirValueInEitherForm() {
        var arguments = read("--data", "a", "--port=7", "--fresh");
        assertThat(arguments.text("data")).contains("a");
        assertThat(arguments.number("port", 1, 1, 9)).isEqualTo(7);
        assertThat(arguments.has("fresh")).isTrue();
    }

    @Test
    void theLastValueCounts() {
        assertThat(read("--data", "a", "--data", "b").text("data")).contains("b");
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        assertThat(read().number("port", 8080, 1, 65_535)).isEqualTo(8080);
        assertThat(read().has("fresh")).isFalse();
        assertThat(read().path("data")).isEmpty();
    }

    @Test
    void everyMistakeIsNamed() {
        assertThatThrownBy(() -> read("data")).hasMessage("expected an option instead of 'data'");
        assertThatThrownBy(() -> read("--dta", "a")).hasMessage("unknown option --dta");
        assertThatThrownBy(() -> read("--data")).hasMessage("--data needs a value");
        assertThatThrownBy(() -> read("--fresh=yes")).hasMessage("unknown option --fresh");
        assertThatThrownBy(() -> read("--port", "x").number("port", 1, 1, 9))
                .hasMessage("--port takes a number from 1 to 9, not 'x'");
        assertThatThrownBy(() -> read("--port", "10").number("port", 1, 1, 9))
                .hasMessage("--port takes a number from 1 to 9, not '10'");
    }

    private static Arguments read(String... args) {
        return Arguments.of(args, Set.of("data", "port"), Set.of("fresh"));
    }
}
