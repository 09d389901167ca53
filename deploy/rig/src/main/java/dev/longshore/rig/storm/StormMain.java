package dev.longshore.rig.storm;

import dev.longshore.rig.Cluster;
import dev.longshore.standalone.arguments.Arguments;
import dev.longshore.standalone.arguments.Arguments.Refused;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/// The storm as a command.
public final class StormMain {
    private static final String HELP = """
            storm: sends jobs through a provider that spoils three calls in ten, past its limits.

              --jobs N          how many (10000)
              --seed N          which calls are spoilt and how (1)
              --kill-every S    kill a worker and start it again every S seconds; 0 for never (0)
              --minutes M       give up after that (30)
              --help            this

            Every other job asks for a stream. Status 0 only when every job completed with fewer than 1.6 calls a job, no
            limit was exceeded, and of an open breaker one call at a time was tried.
            """;

    private static final int EX_USAGE = 64;
    private static final double MOST_CALLS_PER_JOB = 1.6;

    private StormMain() {}

    public static void main(String[] words) throws Exception {
        if (Set.of(words).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        Arguments arguments;
        int jobs;
        int seed;
        int killEvery;
        int minutes;
        try {
            arguments = Arguments.of(words, Set.of("jobs", "seed", "kill-every", "minutes", "home"), Set.of());
            jobs = arguments.number("jobs", 10_000, 1, 1_000_000);
            seed = arguments.number("seed", 1, 0, Integer.MAX_VALUE);
            killEvery = arguments.number("kill-every", 0, 0, 3_600);
            minutes = arguments.number("minutes", 30, 1, 600);
        } catch (Refused e) {
            System.err.println("storm: " + e.getMessage());
            System.err.print(HELP);
            System.exit(EX_USAGE);
            return;
        }
        Storm.Seen seen;
        try (Cluster cluster = Cluster.start(Storm.LAYOUT, null)) {
            seen = new Storm(cluster)
                    .run(jobs, seed, Duration.ofSeconds(killEvery), Duration.ofMinutes(minutes), System.out);
        }
        boolean holds = seen.completed() == jobs
                && seen.callsPerJob() < MOST_CALLS_PER_JOB
                && seen.maxOpen() <= Storm.CONCURRENT
                && seen.maxPerMinute() <= Storm.PER_MINUTE
                && seen.maxTrials() <= 1;
        System.out.printf(
                Locale.ROOT,
                "storm: %d of %d jobs complete, %.2f calls a job, at most %d of %d open, %d of %d a minute,"
                        + " %d streams broken off, at most %d trials at a time, %d workers killed, %d s: %s%n",
                seen.completed(),
                jobs,
                seen.callsPerJob(),
                seen.maxOpen(),
                Storm.CONCURRENT,
                seen.maxPerMinute(),
                Storm.PER_MINUTE,
                seen.brokenStreams(),
                seen.maxTrials(),
                seen.killed(),
                seen.took().toSeconds(),
                holds ? "holds" : "DOES NOT HOLD");
        System.exit(holds ? 0 : 1);
    }
}
