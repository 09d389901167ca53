package dev.longshore.bench;

import dev.longshore.bench.stack.BenchFailed;
import dev.longshore.bench.stack.Database;
import dev.longshore.bench.stack.ProcessorTime;
import dev.longshore.bench.stack.RunningStack;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/// Watches work get done.
final class Progress {
    private static final String COMPLETED = "SELECT coalesce(sum(completed), 0) FROM usage_total WHERE model = ?";
    private static final String ATTEMPTS = "SELECT coalesce(sum(attempts), 0) FROM usage_total WHERE model = ?";

    /// Nothing that is measured pauses for so long and still counts as working.
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(45);

    private static final long LOOK_MILLIS = 10;

    private static final String OPEN = "SELECT count(*) FROM job_run WHERE lane <> 'batch'";

    /// A rate is steady when it rose by less than this part over one look back.
    private static final double STEADY = 0.03;

    private static final int LOOK_BACK = 2;

    private final RunningStack stack;

    Progress(RunningStack stack) {
        this.stack = stack;
    }

    /// How many jobs of a model are complete.
    long completed(String model) {
        return stack.database().number(COMPLETED, model);
    }

    /// How many calls to a model were made.
    long attempts(String model) {
        return stack.database().number(ATTEMPTS, model);
    }

    /// How many jobs ended otherwise than complete.
    long notCompleted() {
        return stack.database().number("SELECT count(*) FROM job_outcome WHERE status <> 'complete'");
    }

    /// A stretch of work.
    ///
    /// @param rate jobs a second
    /// @param drift rate of its second half as a multiple of that of its first: above 1 it was still
    ///     getting faster
    /// @param seconds how long it took
    /// @param jobs how many it was
    /// @param used what it cost the processes
    record Stretch(double rate, double drift, double seconds, long jobs, ProcessorTime used) {}

    /// Measures the stretch of work between two counts of completed jobs.
    ///
    /// @throws BenchFailed when the work stands still
    Stretch between(String model, long from, long to) {
        await(model, from);
        Moment begin = moment(model);
        await(model, (from + to) / 2);
        Moment middle = moment(model);
        await(model, to);
        return stretch(begin, middle, moment(model));
    }

    /// Measures what gets done in a time.
    Stretch during(String model, Duration time) {
        Moment begin = moment(model);
        stack.alarm().sleep(time.toMillis() / 2);
        Moment middle = moment(model);
        stack.alarm().sleep(time.toMillis() / 2);
        return stretch(begin, middle, moment(model));
    }

    private static Stretch stretch(Moment begin, Moment middle, Moment end) {
        return new Stretch(
                rate(begin, end),
                rate(middle, end) / rate(begin, middle),
                (end.nanos() - begin.nanos()) / 1e9,
                end.completed() - begin.completed(),
                end.time().since(begin.time()));
    }

    /// Returns when so many jobs of the model are complete.
    ///
    /// @throws BenchFailed when the work stands still
    void await(String model, long count) {
        long last = -1;
        long lastChange = System.nanoTime();
        for (long now = completed(model); now < count; now = completed(model)) {
            if (now != last) {
                last = now;
                lastChange = System.nanoTime();
            } else if (System.nanoTime() - lastChange > LONGEST_PAUSE.toNanos()) {
                throw new BenchFailed(stuck(model, now, count));
            }
            stack.alarm().sleep(LOOK_MILLIS);
        }
    }

    /// Returns when no job is open but on the lower lane.
    ///
    /// @throws BenchFailed when it does not come to that
    void awaitRest() {
        awaitNone(() -> stack.database().number(OPEN), "jobs");
    }

    /// Returns when a count is down to nothing.
    ///
    /// @param what is counted
    /// @throws BenchFailed when it does not come to that
    void awaitNone(LongSupplier count, String what) {
        long giveUp = System.nanoTime() + LONGEST_PAUSE.toNanos();
        while (count.getAsLong() > 0) {
            if (System.nanoTime() - giveUp > 0) {
                throw new BenchFailed(what + " stay open although no more come in");
            }
            stack.alarm().sleep(LOOK_MILLIS);
        }
    }

    /// Returns when a count no longer rises ever faster, or at the latest when the time is over.
    void awaitSteady(LongSupplier count, Duration most) {
        Deque<Long> counts = new ArrayDeque<>();
        long end = System.nanoTime() + most.toNanos();
        while (System.nanoTime() - end < 0) {
            counts.addLast(count.getAsLong());
            if (counts.size() > 2 * LOOK_BACK) {
                Long[] all = counts.toArray(Long[]::new);
                long before = all[LOOK_BACK] - all[0];
                long now = all[2 * LOOK_BACK] - all[LOOK_BACK];
                if (before > 0 && now < before * (1 + STEADY) && now > before * (1 - 2 * STEADY)) {
                    return;
                }
                counts.removeFirst();
            }
            stack.alarm().sleep(1_000);
        }
    }

    private String stuck(String model, long now, long count) {
        Database database = stack.database();
        StringBuilder states = new StringBuilder();
        for (String state : new String[] {"waiting", "queued", "processing"}) {
            states.append(' ')
                    .append(state)
                    .append('=')
                    .append(database.number("SELECT count(*) FROM job_run WHERE status = ?::job_status", state));
        }
        return "nothing was completed for " + LONGEST_PAUSE.toSeconds() + " s, with " + (count - now)
                + " jobs of " + model + " to go; open jobs:" + states + ", on the road="
                + database.number("SELECT count(*) FROM job_run WHERE dispatched_at IS NOT NULL")
                + "; the last that the worker said:\n" + stack.servant("worker").lastWords();
    }

    private record Moment(long nanos, long completed, ProcessorTime time) {}

    private Moment moment(String model) {
        ProcessorTime time = stack.processorTime();
        long completed = completed(model);
        return new Moment(System.nanoTime(), completed, time);
    }

    private static double rate(Moment from, Moment to) {
        return (to.completed() - from.completed()) / ((to.nanos() - from.nanos()) / 1e9);
    }
}
