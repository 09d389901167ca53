package dev.longshore.bench;

import dev.longshore.bench.Progress.Stretch;
import dev.longshore.bench.Speed.Light;
import dev.longshore.bench.stack.OperatorFile;
import dev.longshore.bench.stack.Rows;
import dev.longshore.bench.stack.RunningStack;
import java.io.IOException;
import java.util.List;

/// W5: the same work with nothing else there, and above a deep backlog on a lower lane with a long history.
final class Growth {
    private static final int DAYS = 10;

    private final RunningStack stack;
    private final Rows rows;
    private final Workers workers;
    private final Progress progress;
    private final Speed speed;
    private final Sizes sizes;

    Growth(RunningStack stack, Rows rows, Workers workers, Progress progress, Speed speed, Sizes sizes) {
        this.stack = stack;
        this.rows = rows;
        this.workers = workers;
        this.progress = progress;
        this.speed = speed;
        this.sizes = sizes;
    }

    /// Measures every round with nothing, then every round with both.
    void measure(List<Figures> rounds) throws IOException {
        workers.atHand();
        // As afterwards, so that the server is in the same state.
        rows.tidy();
        rounds.forEach(round -> measure(round, "W5.none"));
        rows.history(sizes.history(), DAYS);
        rows.queueMany("lower", sizes.waiting());
        rounds.forEach(round -> {
            measure(round, "W5");
            round.ratio("W5.x_own", round.get("W5.rate"), "W5.none_rate");
            round.ratio("W5.p50_x_own", round.get("W5.p50_ms"), "W5.none_p50_ms");
            round.ratio("W5.p99_x_own", round.get("W5.p99_ms"), "W5.none_p99_ms");
            round.put("W5.waiting", stack.database().number("SELECT count(*) FROM job_run"));
        });
        workers.empty();
    }

    private void measure(Figures round, String name) {
        String prefix = name.equals("W5") ? "W5." : name + "_";
        int jobs = (int) (workers.jobsFor(sizes.drain()) / (Speed.LAST_PART - Speed.FIRST_PART));
        long lower = progress.completed(OperatorFile.LOWER);
        Stretch stretch = speed.drained("echo", OperatorFile.ECHO, jobs);
        round.put(prefix + "rate", stretch.rate());
        round.put(prefix + "drift", stretch.drift());
        round.put(prefix + "lower_share", (progress.completed(OperatorFile.LOWER) - lower) / (double) jobs);
        stretch.used()
                .micros()
                .forEach(
                        (process, micros) -> round.put(prefix + "cpu_us_" + process, micros / (double) stretch.jobs()));
        // Only compared with itself, so half as long will do.
        Light light = speed.light(sizes.light().dividedBy(2));
        round.put(prefix + "p50_ms", light.toProvider().getValueAtPercentile(50) / 1_000.0);
        round.put(prefix + "p99_ms", light.toProvider().getValueAtPercentile(99) / 1_000.0);
    }
}
