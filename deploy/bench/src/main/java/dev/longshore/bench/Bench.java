package dev.longshore.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.longshore.bench.LoadGenerator.Load;
import dev.longshore.bench.Workloads.Life;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/// Starts a stack in a temporary folder, measures it and the machine in the same run, prints a table,
/// and stops it.
public final class Bench {
    private static final String JOB = """
            {"operation":"chat","input":{"model":"sim-small","messages":[{"role":"user","content":"%s"}]}}
            """.strip().formatted("The quick brown fox jumps over the lazy dog. ".repeat(20));

    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final Path home;
    private final boolean quick;

    private Bench(Path home, boolean quick) {
        this.home = home;
        this.quick = quick;
    }

    /// `--home DIR` the checkout, `--quick` shorter runs, `--json FILE` the figures for a program.
    public static void main(String[] args) throws Exception {
        List<String> words = Arrays.asList(args);
        Path home = Path.of(words.get(words.indexOf("--home") + 1));
        Bench bench = new Bench(home, words.contains("--quick"));
        Path folder = Files.createTempDirectory("longshore-bench");
        try {
            bench.run(folder.resolve("data"));
        } finally {
            delete(folder);
        }
        if (words.contains("--json")) {
            ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            json.writeValue(Path.of(words.get(words.indexOf("--json") + 1)).toFile(), bench.figures);
        }
        System.exit(0);
    }

    private void run(Path data) throws Exception {
        Vertx vertx = Vertx.vertx();
        Duration time = Duration.ofSeconds(quick ? 5 : 15);
        Workloads work = new Workloads(vertx, JOB);
        System.out.println("Longshore bench; every workload beside what this machine can do in the same run.\n");
        double l1;
        double l3;
        try (RunningStack stack = RunningStack.start(home, data, 0, List.of())) {
            Limits limits = new Limits(stack, time);
            double l5 = limits.bareEndpoint(vertx, JOB);
            say("L5", l5, "bare endpoint, 64 connections: requests/s (what the load generator can do at least)");
            l1 = limits.rowPerCommit();
            say("L1", l1, "PostgreSQL, one row a commit, 64 connections: rows/s");
            l3 = limits.wholeLife();
            say("L3", l3, "PostgreSQL, whole life in groups of 500: jobs/s");
            work.accept(stack, 64, Duration.ofSeconds(quick ? 5 : 10));
            for (int connections : new int[] {64, 512}) {
                Load load = work.accept(stack, connections, time);
                String name = "W1_" + connections;
                say(name + ".rate", load.rate(), "accepted over HTTP, " + connections + " connections: jobs/s");
                say(name + ".x_L1", load.rate() / l1, "x L1");
                percentiles(name, load.micros(), 1_000.0);
                figures.put(name + ".refused", load.others());
            }
        }
        try (RunningStack stack = RunningStack.start(home, data, 1, List.of())) {
            double drain = work.drain(stack);
            say("W2.rate", drain, "drained from the backlog, provider over HTTP: jobs/s");
            say("W2.x_L3", drain / l3, "x L3");
            // The API was started anew; compilers are given time to do their work before it counts.
            work.life(stack, 64, Duration.ofSeconds(quick ? 15 : 30));
            Life life = work.life(stack, 64, time);
            say("life.rate", life.rate(), "submitted and drained at once, 64 connections: jobs/s");
            say("life.x_L3", life.rate() / l3, "x L3");
            say("life.wal_bytes_per_job", life.walBytes(), "bytes of WAL a job");
            say("life.commits_per_job", life.commits(), "commits a job");
            Histogram light = work.lightLoad(stack, 100, time);
            percentiles("W3", light, 1.0);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private void percentiles(String name, Histogram histogram, double unitsPerMilli) {
        say(name + ".p50_ms", histogram.getValueAtPercentile(50) / unitsPerMilli, "ms, half of them");
        say(name + ".p99_ms", histogram.getValueAtPercentile(99) / unitsPerMilli, "ms, all but one in a hundred");
    }

    private void say(String name, double value, String what) {
        figures.put(name, Math.round(value * 1_000) / 1_000.0);
        System.out.printf("%-24s %,12.2f  %s%n", name, value, what);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
