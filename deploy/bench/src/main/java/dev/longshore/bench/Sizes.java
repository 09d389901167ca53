package dev.longshore.bench;

import java.time.Duration;
import java.util.List;

/// How long and how much of everything.
///
/// @param limit how long each limit of the machine is measured
/// @param accept how long accepting is measured
/// @param drain how long draining generated jobs should take, about
/// @param warm how long whole lives are lived before anything with a worker is measured; the compilers of all processes
///     are busy so long
/// @param life how long whole lives are measured
/// @param lives whether whole lives are lived with 512 callers, and with a provider in a process of its own, too
/// @param light how long the light load lasts
/// @param ramp how long a fresh process with thousands of calls may take to its full rate at most
/// @param window how long calls in flight are counted
/// @param inFlight how many calls are in flight at a slow provider, one measurement each
/// @param waiting jobs on the lower lane
/// @param history jobs that are over
record Sizes(
        Duration limit,
        Duration accept,
        Duration drain,
        Duration warm,
        Duration life,
        boolean lives,
        Duration light,
        Duration ramp,
        Duration window,
        List<Integer> inFlight,
        int waiting,
        int history) {
    private static final List<Integer> IN_FLIGHT = List.of(10_000, 4_000, 1_000);

    static Sizes full() {
        return new Sizes(
                Duration.ofSeconds(8),
                Duration.ofSeconds(12),
                Duration.ofSeconds(12),
                Duration.ofSeconds(90),
                Duration.ofSeconds(12),
                true,
                Duration.ofSeconds(30),
                Duration.ofSeconds(24),
                Duration.ofSeconds(10),
                IN_FLIGHT,
                1_000_000,
                10_000_000);
    }

    static Sizes quick() {
        return new Sizes(
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(4),
                Duration.ofSeconds(35),
                Duration.ofSeconds(4),
                false,
                Duration.ofSeconds(8),
                Duration.ofSeconds(10),
                Duration.ofSeconds(4),
                IN_FLIGHT,
                100_000,
                100_000);
    }
}
