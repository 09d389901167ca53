package dev.longshore.bench;

import dev.longshore.bench.stack.BenchFailed;
import dev.longshore.bench.stack.OperatorFile;
import dev.longshore.bench.stack.Rows;
import dev.longshore.bench.stack.RunningStack;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/// Has a worker at hand that has worked long enough for its compilers to be done, or none.
final class Workers {
    /// What is taken for its rate before anything is known.
    private static final double FIRST_GUESS = 10_000;

    private static final Duration FIRST = Duration.ofDays(1);

    private final RunningStack stack;
    private final Rows rows;
    private final Progress progress;
    private final Duration warm;
    private double rate = FIRST_GUESS;
    private boolean running;

    /// @param warm how long a fresh worker works before it counts, about
    Workers(RunningStack stack, Rows rows, Progress progress, Duration warm) {
        this.stack = stack;
        this.rows = rows;
        this.progress = progress;
        this.warm = warm;
    }

    /// Jobs a second when last measured, or a guess.
    double rate() {
        return rate;
    }

    void measured(double jobsPerSecond) {
        rate = jobsPerSecond;
    }

    /// How many jobs take about that long.
    int jobsFor(Duration time) {
        return (int) (rate * time.toMillis() / 1_000);
    }

    /// Sees to it that a warm worker with the usual settings is there and has nothing to do.
    void atHand() throws IOException {
        if (running) {
            return;
        }
        long before = progress.completed(OperatorFile.ECHO);
        int jobs = jobsFor(warm);
        // Sooner than anything else in the backlog.
        rows.queue("echo", jobs, FIRST);
        coldAtHand(Map.of());
        progress.await(OperatorFile.ECHO, before + jobs);
    }

    /// Sees to it that a worker is there, however cold.
    ///
    /// @param settings otherwise than usual
    void coldAtHand(Map<String, String> settings) throws IOException {
        if (!running) {
            running = true;
            stack.startWorker(settings);
        }
    }

    /// Stops the worker if there is one.
    ///
    /// @throws BenchFailed when it had to be killed
    void stop() {
        if (running) {
            running = false;
            stack.stopWorker();
        }
    }

    /// Stops the worker and empties the backlog.
    void clear() {
        stop();
        empty();
    }

    /// Empties the backlog; what a worker still holds of it is no longer wanted.
    void empty() {
        rows.empty();
    }
}
