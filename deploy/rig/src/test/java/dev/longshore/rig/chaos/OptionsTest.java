package dev.longshore.rig.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.standalone.arguments.Arguments;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    @Test
    void withoutWordsARunIsShortAndBreaksEverything() {
        Options options = Options.of(new String[0]);
        assertThat(options.seed()).isEqualTo(1);
        assertThat(options.length()).isEqualTo(Duration.ofMinutes(2));
        assertThat(options.faults()).isEqualTo(EnumSet.allOf(FaultGroup.class));
        assertThat(options.rate()).isEqualTo(20);
        assertThat(options.keep()).isEmpty();
    }

    @Test
    void everyWordIsTaken() {
        Options options = Options.of(new String[] {
            "--seed", "42", "--minutes=0.5", "--faults", "kafka,network", "--rate", "7", "--keep", "/tmp/run"
        });
        assertThat(options.seed()).isEqualTo(42);
        assertThat(options.length()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.faults()).isEqualTo(EnumSet.of(FaultGroup.KAFKA, FaultGroup.NETWORK));
        assertThat(options.rate()).isEqualTo(7);
        assertThat(options.keep()).isPresent();
        assertThat(Options.of(new String[] {"--faults", "none"}).faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--sed=1",
                "--seed=one",
                "--minutes=0",
                "--minutes=soon",
                "--faults=kafka,meteors",
                "--faults=",
                "--rate=0",
                "--quiet",
                "now"
            })
    void whatIsNotUnderstoodIsRefused(String word) {
        assertThatThrownBy(() -> Options.of(new String[] {word})).isInstanceOf(Arguments.Refused.class);
    }
}
