package dev.longshore.bench;

import dev.longshore.standalone.arguments.Arguments;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What was asked for on the command line.
///
/// @param home the checkout
/// @param workloads what is measured
/// @param quick whether smaller sizes will do
/// @param rounds how often everything is measured
/// @param json where the figures go, if anywhere
/// @param help whether only the usage is wanted
record Order(Path home, Set<Workload> workloads, boolean quick, int rounds, Optional<Path> json, boolean help) {
    static final String USAGE = """
            usage: scripts/bench [options]
              --workloads LIST   what is measured, with commas: W1, W2, life, W3, W4, W5, SSE
                                 (default: all; with --quick all but SSE)
              --quick            one round of smaller sizes, in less than five minutes
              --rounds N         how often everything is measured; the medians count (default: 3, with --quick 1)
              --json FILE        also writes the figures there, for a program
              --help             this text
            What the figures mean is told in deploy/bench/README.md.""";

    private static final int MOST_ROUNDS = 100;
    private static final int USUAL_ROUNDS = 3;

    /// Reads it.
    ///
    /// @throws Arguments.Refused when it cannot be understood; the message says why
    static Order of(String... words) {
        Arguments arguments =
                Arguments.of(words, Set.of("home", "workloads", "rounds", "json"), Set.of("quick", "help"));
        boolean quick = arguments.has("quick");
        return new Order(
                arguments.path("home").orElse(Path.of("").toAbsolutePath()),
                arguments.text("workloads").map(Order::workloads).orElse(Workload.usual(quick)),
                quick,
                arguments.number("rounds", quick ? 1 : USUAL_ROUNDS, 1, MOST_ROUNDS),
                arguments.path("json"),
                arguments.has("help"));
    }

    private static Set<Workload> workloads(String list) {
        Set<Workload> workloads = EnumSet.noneOf(Workload.class);
        for (String word : list.split(",")) {
            workloads.add(Workload.of(word.strip())
                    .orElseThrow(() -> new Arguments.Refused(
                            "there is no workload '" + word.strip() + "'; there are " + Workload.words())));
        }
        return workloads;
    }
}
