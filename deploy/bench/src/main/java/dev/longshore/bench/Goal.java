package dev.longshore.bench;

import java.util.List;

/// What a figure ought to be.
///
/// @param name of the figure
/// @param what it is, for people
/// @param beside the name of the figure that it is a ratio of or was computed from; empty when it stands
///     alone
/// @param first what the core must reach; NaN where nothing is asked
/// @param aim what it is to reach in the end; NaN where nothing is asked
/// @param atLeast whether more is better
record Goal(String name, String what, String beside, double first, double aim, boolean atLeast) {
    /// All of them, in the order in which they are shown.
    static final List<Goal> ALL = List.of(
            least("W1_64.x_L1", "accepted over HTTP, 64 connections, x L1", "W1_64.rate", 0.5, 1.0),
            least("W1_512.x_L1", "accepted over HTTP, 512 connections, x L1", "W1_512.rate", 0.5, 1.4),
            least("W1_512.x_L5", "the same, x L5", "W1_512.rate", Double.NaN, 0.3),
            least("W2.x_L3", "drained, provider in the worker, x L3", "W2.rate", 0.5, 1.2),
            least("W2_http.x_L3", "drained, provider over HTTP, x L3", "W2_http.rate", Double.NaN, Double.NaN),
            least("life.x_L3", "submitted and drained at once, 64 connections, x L3", "life.rate", 0.2, 0.4),
            least("life_512.x_L3", "the same, 512 connections", "life_512.rate", Double.NaN, Double.NaN),
            least(
                    "life_http.x_L3",
                    "the same, 64 connections, provider over HTTP",
                    "life_http.rate",
                    Double.NaN,
                    Double.NaN),
            most("life.wal_bytes_per_job", "WAL of a whole life, bytes", "", 6_144, 3_584),
            most("life.commits_per_job", "commits of a whole life", "", 0.1, 0.02),
            most("W3.p50_ms", "from POST to provider, half of them, ms", "", 8, 2.5),
            most("W3.p99_ms", "from POST to provider, 99 in 100, ms", "", 30, 6),
            least("W4_1000.x_twin", "1,000 calls of 1 s in flight, x twin", "W4_1000.rate", 0.90, 0.97),
            least("W4_4000.x_twin", "4,000 calls of 1 s in flight, x twin", "W4_4000.rate", 0.80, 0.95),
            least("W4_10000.x_twin", "10,000 calls of 1 s in flight, x twin", "W4_10000.rate", 0.70, 0.90),
            most(
                    "W4_10000.memory_x_twin",
                    "memory of the worker then, x twin",
                    "W4_10000.worker_rss_mb",
                    Double.NaN,
                    1.3),
            most("W4_10000.worker_peak_heap_mb", "heap of the worker then, MiB", "", 512, 512),
            most("W1.api_peak_heap_mb", "heap of the API while accepting, MiB", "", 256, 256),
            least("W5.x_own", "drained above a deep backlog and a long history, x own", "W5.rate", 0.8, 0.95),
            most("W5.p99_x_own", "POST to provider above them, 99 in 100, x own", "W5.p99_ms", 2, 1.25),
            most("SSE.p99_ms", "from an event to its reader, of 1,000, 99 in 100, ms", "SSE.p50_ms", 50, 50),
            most(
                    "SSE.bytes_per_reader",
                    "heap of the API for an open reader, bytes",
                    "SSE.heap_mib_5000",
                    30_720,
                    30_720));

    private static Goal least(String name, String what, String beside, double first, double aim) {
        return new Goal(name, what, beside, first, aim, true);
    }

    private static Goal most(String name, String what, String beside, double first, double aim) {
        return new Goal(name, what, beside, first, aim, false);
    }

    /// Which of the two a value reaches, in a word.
    String holds(double value) {
        if (reaches(value, aim)) {
            return "goal";
        }
        if (Double.isNaN(first)) {
            return Double.isNaN(aim) ? "" : "not yet";
        }
        return reaches(value, first) ? "first" : "NO";
    }

    private boolean reaches(double value, double bound) {
        return !Double.isNaN(bound) && (atLeast ? value >= bound : value <= bound);
    }
}
