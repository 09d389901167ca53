package dev.longshore.bench;

import dev.longshore.bench.load.ClosedLoop;
import dev.longshore.bench.stack.BenchFailed;
import dev.longshore.bench.stack.Rows;
import dev.longshore.bench.stack.RunningStack;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/// Has a worker at hand that has worked long enough for its compilers to be done, or none.
final class Workers {
    /// What is taken for its rate before anything is known.
    private static final double FIRST_GUESS = 15_000;

    private static final int CALLERS = 64;

    private final RunningStack stack;
    private final Rows rows;
    private final Progress progress;
    private final ClosedLoop lives;
    private final Duration warm;
    private double rate = FIRST_GUESS;
    private boolean running;

    /// @param lives has jobs accepted that a worker completes at once
    /// @param warm how long they go on before a worker is warm
    Workers(RunningStack stack, Rows rows, Progress progress, ClosedLoop lives, Duration warm) {
        this.stack = stack;
        this.rows = rows;
        this.progress = progress;
        this.lives = lives;
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

    /// Sees to it that a warm worker with the usual settings is there and has nothing to do. Whole lives warm all
    /// processes up, and in the way in which they share the processors from then on.
    void atHand() throws IOException {
        if (running) {
            return;
        }
        coldAtHand(Map.of());
        lives.run(CALLERS, warm);
        progress.awaitRest();
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
