package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the program says of itself.
class HelpTest {
    private final Desk desk = new Desk();

    static Stream<String> commands() {
        return Stream.of(
                "submit",
                "watch",
                "get",
                "cancel",
                "list",
                "attempts",
                "timeline",
                "dead-letters",
                "dead-letters replay",
                "dead-letters discard",
                "models",
                "webhooks",
                "webhooks listen",
                "webhooks endpoints",
                "webhooks deliveries",
                "webhooks redeliver",
                "webhooks remove");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasAnExampleAndSaysWhatItsStatusMeans(String command) {
        var outcome = desk.run(Stream.concat(Stream.of(command.split(" ")), Stream.of("--help"))
                .toArray(String[]::new));

        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .startsWith("Usage: longshore " + command)
                .containsPattern("Examples?:\n  longshore ")
                .contains("Exit status:", "--base-url", "--json")
                .containsPattern("(?m)^ +0 +done;")
                .containsPattern("(?m)^ +6 +the job that was waited for was cancelled")
                .containsPattern("(?m)^ +130 +Ctrl-C");
    }

    @Test
    void theProgramListsItsCommandsAndItsEnvironment() {
        var outcome = desk.run("--help");

        assertThat(outcome.out()).contains("LONGSHORE_URL", "LONGSHORE_API_KEY", "http://127.0.0.1:8080");
        for (String command : commands().filter(name -> !name.contains(" ")).toList()) {
            assertThat(outcome.out()).containsPattern("(?m)^ +" + command + " ");
        }
    }

    @Test
    void withoutACommandTheUsageIsShownAsAMistake() {
        for (String[] words : new String[][] {{}, {"webhooks"}}) {
            var outcome = new Desk().run(words);
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err()).contains("--help");
        }
    }

    @Test
    void whatIsNearlyRightIsUnderstoodAndNotDone() {
        assertThat(desk.run("sumbit", "x")).satisfies(outcome -> {
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err()).contains("submit").endsWith("try: longshore --help\n");
        });
    }

    @Test
    void theVersionIsTold() {
        assertThat(desk.run("--version")).isEqualTo(new Desk.Outcome(0, "longshore 1.2.3\n", ""));
    }

    @Test
    void noLineIsWiderThanWhatWasAskedFor() {
        List<String> lines = desk.run("submit", "--help").out().lines().toList();

        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(110));
    }
}
