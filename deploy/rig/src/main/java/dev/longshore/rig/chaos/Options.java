package dev.longshore.rig.chaos;

import dev.longshore.standalone.arguments.Arguments;
import dev.longshore.standalone.arguments.Arguments.Refused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What a run is asked to be.
///
/// @param length how long jobs are ordered and things are broken; what comes before and after is not
///     counted
/// @param rate jobs a second
/// @param keep where to keep what the run leaves behind, whatever its verdict; empty for a temporary
///     folder that is kept only when a promise was broken
record Options(long seed, Duration length, Set<FaultGroup> faults, int rate, Optional<Path> keep) {
    static final String HELP = """
            chaos: breaks a whole system under load and proves that it kept its promises.

              --seed N        what is broken when, and what is ordered; the same number repeats both (1)
              --minutes M     how long, such as 2 or 0.5 (2)
              --faults LIST   whose, with commas: process, kafka, postgres, provider, client, network,
                              receiver; all; none (all)
              --rate R        jobs ordered a second (20)
              --keep DIR      keep logs and history there, whatever the verdict
              --help          this

            The last line is `chaos: J jobs, F faults, V violations`; status 0 only when V is 0.
            """;

    private static final int LONGEST_MINUTES = 24 * 60;

    /// @throws Refused when something is not understood
    static Options of(String[] words) {
        Arguments arguments =
                Arguments.of(words, Set.of("seed", "minutes", "faults", "rate", "keep", "home"), Set.of());
        return new Options(
                seed(arguments.text("seed").orElse("1")),
                minutes(arguments.text("minutes").orElse("2")),
                groups(arguments.text("faults").orElse("all")),
                arguments.number("rate", 20, 1, 1_000),
                arguments.path("keep"));
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw new Refused("--seed takes a whole number, not '" + text + "'");
        }
    }

    private static Duration minutes(String text) {
        try {
            double minutes = Double.parseDouble(text);
            if (minutes >= 0.25 && minutes <= LONGEST_MINUTES) {
                return Duration.ofMillis(Math.round(minutes * 60_000));
            }
        } catch (NumberFormatException _) {
            // Said below, in the same words.
        }
        throw new Refused("--minutes takes a number from 0.25 to " + LONGEST_MINUTES + ", not '" + text + "'");
    }

    private static Set<FaultGroup> groups(String text) {
        if (text.equals("all")) {
            return EnumSet.allOf(FaultGroup.class);
        }
        Set<FaultGroup> groups = EnumSet.noneOf(FaultGroup.class);
        if (text.equals("none")) {
            return groups;
        }
        for (String word : text.split(",", -1)) {
            groups.add(FaultGroup.of(word.strip())
                    .orElseThrow(() -> new Refused("--faults does not know '" + word + "'; it takes process, kafka,"
                            + " postgres, provider, client, network, receiver, all or none")));
        }
        return groups;
    }
}
