package dev.longshore.bench;

import dev.longshore.bench.Progress.Stretch;
import dev.longshore.bench.load.ClosedLoop;
import dev.longshore.bench.load.ClosedLoop.Load;
import dev.longshore.bench.load.SteadyPace;
import dev.longshore.bench.load.SteadyPace.Pace;
import dev.longshore.bench.stack.BenchFailed;
import dev.longshore.bench.stack.Database;
import dev.longshore.bench.stack.HeapWatch;
import dev.longshore.bench.stack.OperatorFile;
import dev.longshore.bench.stack.ProcessorTime;
import dev.longshore.bench.stack.Rows;
import dev.longshore.bench.stack.RunningStack;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;

/// W1, W2, life and W3: how fast jobs come in, get done, both, and how soon one is begun.
final class Speed {
    private static final int FEW = 64;
    private static final int MANY = 512;
    private static final String STANDARD = "standard";

    /// The beginning and the end of a stretch of work, which do not count.
    static final double FIRST_PART = 0.3;

    static final double LAST_PART = 0.98;

    private static final int LIGHT_RATE = 100;
    private static final int LIGHT_CONNECTIONS = 32;
    private static final Duration LIGHT_WARM = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final RunningStack stack;
    private final Rows rows;
    private final Workers workers;
    private final Progress progress;
    private final Sizes sizes;

    Speed(Vertx vertx, RunningStack stack, Rows rows, Workers workers, Progress progress, Sizes sizes) {
        this.vertx = vertx;
        this.stack = stack;
        this.rows = rows;
        this.workers = workers;
        this.progress = progress;
        this.sizes = sizes;
    }

    /// W1: one job a POST, with no worker to share the processors with. What was accepted last stays in the
    /// backlog.
    void accept(Figures figures) {
        workers.clear();
        ClosedLoop loop = loop(OperatorFile.ECHO);
        loop.warmUp(FEW, sizes.accept().multipliedBy(2));
        try (HeapWatch heap = stack.heapOf("api")) {
            for (int connections : new int[] {FEW, MANY}) {
                // Each begins with an empty backlog, and only the last leaves one.
                rows.empty();
                String name = "W1_" + connections;
                ProcessorTime before = stack.processorTime();
                Load load = loop.run(connections, sizes.accept());
                ProcessorTime used = stack.processorTime().since(before);
                figures.put(name + ".rate", load.rate());
                figures.ratio(name + ".x_L1", load.rate(), "L1");
                figures.ratio(name + ".x_L5", load.rate(), "L5");
                figures.percentiles(name, load.micros());
                figures.put(name + ".refused", load.others());
                figures.put(name + ".broken", load.broken());
                figures.processorTime(name, used, load.accepted());
            }
            figures.put("W1.api_peak_heap_mb", heap.peakMib());
            figures.put("W1.api_gc_ms", heap.gcMillis());
            figures.put("W1.api_live_heap_mb", heap.liveMib());
        }
    }

    /// W2: a backlog for the provider in a process of its own, then one for the provider in the worker.
    void drain(Figures figures) throws IOException {
        workers.atHand();
        try (HeapWatch heap = stack.heapOf("worker")) {
            int jobs = workers.jobsFor(sizes.drain());
            // Over HTTP a job costs twice as much or more.
            drained(figures, "W2_http", "http", OperatorFile.HTTP, jobs / 2);
            drained(figures, "W2", "echo", OperatorFile.ECHO, jobs);
            workers.measured(figures.get("W2.rate"));
            figures.put("W2.worker_peak_heap_mb", heap.peakMib());
            figures.put("W2.worker_gc_ms", heap.gcMillis());
        }
    }

    private void drained(Figures figures, String name, String kind, String model, int jobs) {
        Stretch stretch = drained(kind, model, jobs);
        figures.put(name + ".rate", stretch.rate());
        figures.ratio(name + ".x_L3", stretch.rate(), "L3");
        figures.put(name + ".jobs", stretch.jobs());
        figures.put(name + ".drift", stretch.drift());
        figures.processorTime(name, stretch.used(), stretch.jobs());
    }

    /// Has so many generated jobs drained.
    ///
    /// @return the part that counts: from [#FIRST_PART] to [#LAST_PART] of them
    Stretch drained(String kind, String model, int jobs) {
        long begin = progress.completed(model);
        rows.queue(kind, jobs, Duration.ZERO);
        Stretch stretch =
                progress.between(model, begin + (long) (jobs * FIRST_PART), begin + (long) (jobs * LAST_PART));
        progress.await(model, begin + jobs);
        return stretch;
    }

    /// Whole lives, with the provider in the worker at 64 and 512 connections, and in a process of its own.
    void life(Figures figures) throws IOException {
        workers.atHand();
        ClosedLoop loop = loop(OperatorFile.ECHO);
        life(figures, "life", OperatorFile.ECHO, loop, FEW);
        if (sizes.lives()) {
            life(figures, "life_512", OperatorFile.ECHO, loop, MANY);
            life(figures, "life_http", OperatorFile.HTTP, loop(OperatorFile.HTTP), FEW);
        }
    }

    private void life(Figures figures, String name, String model, ClosedLoop loop, int connections) {
        long before = progress.completed(model);
        Load first = loop.run(connections, sizes.life().dividedBy(2));
        progress.await(model, before + first.accepted());
        before = progress.completed(model);
        Counters counters = counters();
        ProcessorTime time = stack.processorTime();
        long begun = System.nanoTime();
        Load load = loop.run(connections, sizes.life());
        double accepting = (System.nanoTime() - begun) / 1e9;
        progress.await(model, before + load.accepted());
        double seconds = (System.nanoTime() - begun) / 1e9;
        ProcessorTime used = stack.processorTime().since(time);
        Counters spent = counters();
        double jobs = load.accepted();
        figures.put(name + ".rate", jobs / seconds);
        figures.ratio(name + ".x_L3", jobs / seconds, "L3");
        figures.put(name + ".accepted_rate", load.rate());
        figures.put(name + ".behind_s", seconds - accepting);
        figures.put(name + ".refused", load.others());
        figures.put(name + ".broken", load.broken());
        figures.put(name + ".wal_bytes_per_job", (spent.wal() - counters.wal()) / jobs);
        figures.put(name + ".commits_per_job", (spent.commits() - counters.commits()) / jobs);
        figures.put(name + ".writing_commits_per_job", (spent.writes() - counters.writes()) / jobs);
        figures.put(name + ".wal_page_images_per_job", (spent.images() - counters.images()) / jobs);
        figures.percentiles(name, load.micros());
        figures.processorTime(name, used, jobs);
    }

    private record Counters(long wal, long images, long commits, long writes) {}

    private Counters counters() {
        Database database = stack.database();
        return new Counters(
                database.number("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"),
                database.number("SELECT wal_fpi FROM pg_stat_wal"),
                database.number("SELECT xact_commit FROM pg_stat_database WHERE datname = 'longshore'"),
                database.number("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"));
    }

    /// W3: from the moment when a POST was to be sent to the arrival of the call at the provider.
    void light(Figures figures) throws IOException {
        workers.atHand();
        Light light = light(sizes.light());
        figures.percentiles("W3", light.toProvider());
        figures.put("W3.p999_ms", light.toProvider().getValueAtPercentile(99.9) / 1_000.0);
        figures.put("W3.max_ms", light.toProvider().getMaxValue() / 1_000.0);
        figures.put("W3.accepted_p50_ms", light.toAnswer().getValueAtPercentile(50) / 1_000.0);
        figures.put("W3.accepted_p99_ms", light.toAnswer().getValueAtPercentile(99) / 1_000.0);
        figures.processorTime("W3", light.used(), light.toProvider().getTotalCount());
    }

    /// What a light load saw, in microseconds.
    ///
    /// @param toProvider until the provider had the call
    /// @param toAnswer until the caller had the answer to the POST
    record Light(Histogram toProvider, Histogram toAnswer, ProcessorTime used) {}

    Light light(Duration time) {
        SteadyPace pace = new SteadyPace(vertx, Jobs.target(stack, OperatorFile.HTTP, STANDARD));
        int warming = (int) (LIGHT_RATE * LIGHT_WARM.toSeconds());
        long before = progress.completed(OperatorFile.HTTP) + warming;
        pace.run(warming, LIGHT_RATE, LIGHT_CONNECTIONS);
        // Those of the warm-up must be over: only the others are looked for at the provider.
        progress.await(OperatorFile.HTTP, before);
        stack.simulator().forget();
        ProcessorTime begin = stack.processorTime();
        int requests = (int) (LIGHT_RATE * time.toSeconds());
        Pace seen = pace.run(requests, LIGHT_RATE, LIGHT_CONNECTIONS);
        if (seen.others() > 0) {
            throw new BenchFailed(seen.others() + " of " + requests + " jobs at a light load were refused");
        }
        progress.await(OperatorFile.HTTP, before + requests);
        ProcessorTime used = stack.processorTime().since(begin);
        Map<String, Long> arrivals = stack.simulator().arrivals();
        Histogram micros = new Histogram(Duration.ofMinutes(2).toNanos() / 1_000, 3);
        seen.intendedMicros().forEach((job, intended) -> {
            long arrived = Objects.requireNonNull(arrivals.get(job), () -> "the provider never saw " + job);
            // The simulator's clock has whole milliseconds, cut off: on average half of one is missing.
            micros.recordValue(Math.max(0, arrived * 1_000 + 500 - intended));
        });
        return new Light(micros, seen.micros(), used);
    }

    private ClosedLoop loop(String model) {
        return new ClosedLoop(vertx, Jobs.target(stack, model, STANDARD));
    }
}
