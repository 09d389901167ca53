package dev.longshore.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.longshore.bench.Progress.Stretch;
import dev.longshore.bench.machine.Twin;
import dev.longshore.bench.stack.BenchFailed;
import dev.longshore.bench.stack.HeapWatch;
import dev.longshore.bench.stack.OperatorFile;
import dev.longshore.bench.stack.ProcessorTime;
import dev.longshore.bench.stack.Rows;
import dev.longshore.bench.stack.RunningStack;
import dev.longshore.bench.stack.Servant;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// W4: a provider that takes a second, and thousands of calls in flight; beside the same number of calls made
/// by a program that stores nothing.
final class SlowProvider {
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final long SPARE_FILES = 1_000;

    /// More than the lane's window: with few calls in flight, those ahead of them are many.
    private static final int ON_THE_ROAD = 4_000;

    /// About what a cold worker gets done.
    private static final int WARMING_A_SECOND = 2_500;

    private final RunningStack stack;
    private final Rows rows;
    private final Workers workers;
    private final Progress progress;
    private final Sizes sizes;
    private final Path folder;

    /// @param folder for the twin's request
    SlowProvider(RunningStack stack, Rows rows, Workers workers, Progress progress, Sizes sizes, Path folder) {
        this.stack = stack;
        this.rows = rows;
        this.workers = workers;
        this.progress = progress;
        this.sizes = sizes;
        this.folder = folder;
    }

    /// Measures every round with each number of calls, one number after the other, so that the rounds of one share
    /// a worker.
    void measure(List<Figures> rounds) throws IOException {
        for (int calls : sizes.inFlight()) {
            requireFiles(calls);
            if (calls != OperatorFile.SLOTS) {
                workers.stop();
            }
            String name = "W4_" + calls;
            // All of the twin's rounds first: the worker keeps its connections for a while, and the simulator cannot
            // have both programs' at once where a process may open 20,000 files.
            for (Figures round : rounds) {
                twin(round, name, calls);
            }
            for (Figures round : rounds) {
                workers.empty();
                worker(round, name, calls);
                round.ratio(name + ".x_twin", round.get(name + ".rate"), name + ".twin_rate");
                round.ratio(name + ".memory_x_twin", round.get(name + ".worker_rss_mb"), name + ".twin_rss_mb");
                round.ratio(
                        name + ".live_heap_x_twin",
                        round.get(name + ".worker_live_heap_mb"),
                        name + ".twin_live_heap_mb");
            }
        }
        workers.clear();
    }

    private void twin(Figures figures, String name, int calls) throws IOException {
        Path body = folder.resolve("twin.json");
        Files.writeString(body, Jobs.input(OperatorFile.TWIN));
        stack.simulator().forget();
        Servant twin = stack.startProgram(
                "twin",
                Twin.class,
                stack.workerHeap(),
                0,
                List.of(Integer.toString(stack.simulatorPort()), Integer.toString(calls), body.toString()));
        try (HeapWatch heap = stack.heapOf("twin")) {
            progress.awaitSteady(this::twinCompleted, sizes.ramp());
            long before = twinCompleted();
            ProcessorTime begin = stack.processorTime();
            long begun = System.nanoTime();
            stack.alarm().sleep(sizes.window().toMillis());
            long completed = twinCompleted() - before;
            double rate = completed / ((System.nanoTime() - begun) / 1e9);
            ProcessorTime used = stack.processorTime().since(begin);
            figures.put(name + ".twin_rate", rate);
            figures.put(name + ".twin_peak_heap_mb", heap.peakMib());
            figures.put(name + ".twin_rss_mb", heap.peakResidentMib());
            figures.put(name + ".twin_live_heap_mb", heap.liveMib());
            figures.put(name + ".twin_cpu_us", used.micros().getOrDefault("twin", 0L) / (double) completed);
        } finally {
            stack.stopProgram(twin);
        }
        progress.awaitNone(() -> stack.simulator().counts(OperatorFile.TWIN).open(), "calls of the twin");
    }

    private long twinCompleted() {
        return stack.simulator().counts(OperatorFile.TWIN).completed();
    }

    private void worker(Figures figures, String name, int calls) throws IOException {
        long jobs = (long) Math.ceil(calls
                        * (sizes.ramp().plus(sizes.window()).plus(SETTLE).toMillis()
                                / (double) OperatorFile.SLOW_MILLIS))
                + ON_THE_ROAD;
        if (calls == OperatorFile.SLOTS) {
            workers.atHand();
        } else {
            workers.coldAtHand(Map.of("LONGSHORE_WORKER_SLOTS", Integer.toString(calls)));
            warmUp();
        }
        rows.queue("slow", Math.toIntExact(jobs), Duration.ZERO);
        long ended = progress.notCompleted();
        try (HeapWatch heap = stack.heapOf("worker")) {
            progress.awaitSteady(() -> progress.completed(OperatorFile.SLOW), sizes.ramp());
            long called = progress.attempts(OperatorFile.SLOW) - progress.completed(OperatorFile.SLOW);
            Stretch stretch = progress.during(OperatorFile.SLOW, sizes.window());
            long open = stack.simulator().counts(OperatorFile.SLOW).open();
            if (stack.database().number("SELECT count(*) FROM job_run WHERE dispatched_at IS NULL") == 0) {
                throw new BenchFailed("there were too few jobs for " + calls + " calls in flight");
            }
            figures.put(name + ".rate", stretch.rate());
            figures.put(name + ".drift", stretch.drift());
            figures.put(name + ".open_at_provider", open);
            figures.put(
                    name + ".errors",
                    progress.attempts(OperatorFile.SLOW)
                            - progress.completed(OperatorFile.SLOW)
                            - called
                            + progress.notCompleted()
                            - ended);
            figures.put(name + ".worker_peak_heap_mb", heap.peakMib());
            figures.put(name + ".worker_gc_ms", heap.gcMillis());
            figures.put(name + ".worker_rss_mb", heap.peakResidentMib());
            figures.put(name + ".worker_live_heap_mb", heap.liveMib());
            figures.processorTime(name, stretch.used(), stretch.jobs());
        }
    }

    /// Has a new worker make calls that are answered at once.
    private void warmUp() {
        long before = progress.completed(OperatorFile.HTTP);
        int jobs = WARMING_A_SECOND * Math.toIntExact(sizes.drain().toSeconds());
        rows.queue("http", jobs, Duration.ZERO);
        progress.await(OperatorFile.HTTP, before + jobs);
    }

    /// Each call is a connection; both ends of it need a file descriptor in a process of their own.
    private static void requireFiles(int calls) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() < calls + SPARE_FILES) {
            throw new BenchFailed("W4 needs " + (calls + SPARE_FILES) + " open files a process and may have "
                    + system.getMaxFileDescriptorCount() + ": raise ulimit -n, or leave W4 out with --workloads");
        }
    }
}
