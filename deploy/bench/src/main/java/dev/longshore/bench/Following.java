package dev.longshore.bench;

import dev.longshore.bench.load.EventReaders;
import dev.longshore.bench.load.SteadyPace;
import dev.longshore.bench.load.Waiters;
import dev.longshore.bench.stack.BenchFailed;
import dev.longshore.bench.stack.HeapWatch;
import dev.longshore.bench.stack.OperatorFile;
import dev.longshore.bench.stack.PaperWorker;
import dev.longshore.bench.stack.ProcessorTime;
import dev.longshore.bench.stack.Rows;
import dev.longshore.bench.stack.RunningStack;
import dev.longshore.job.ClaimedJob;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// SSE: how soon readers of events are told what has happened, how soon those who wait for a result are answered, and
/// what thousands of readers cost who are told nothing.
final class Following {
    private static final int READERS = 1_000;
    private static final int QUIET = 5_000;
    private static final int WAITERS = 200;
    private static final int TOKENS_A_SECOND = 400;
    private static final int ENDS_A_SECOND = 100;
    private static final int ACCEPTED_A_SECOND = 1_000;
    private static final int CONNECTIONS = 32;
    private static final Duration QUIET_TIME = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SLOWEST_MICROS = Duration.ofMinutes(2).toNanos() / 1_000;

    /// Not on their way yet.
    private static final long NEVER = 0;

    private final Vertx vertx;
    private final RunningStack stack;
    private final Rows rows;
    private final Sizes sizes;

    Following(Vertx vertx, RunningStack stack, Rows rows, Sizes sizes) {
        this.vertx = vertx;
        this.stack = stack;
        this.rows = rows;
        this.sizes = sizes;
    }

    void measure(Figures figures) throws SQLException {
        rows.empty();
        try (HeapWatch heap = stack.heapOf("api")) {
            figures.put("SSE.heap_before_mb", heap.liveMib());
            told(figures);
            waitedFor(figures);
            rows.empty();
            quiet(figures, heap);
            rows.empty();
        }
    }

    /// When what happened, and how long it took to be heard of.
    private static final class Happenings {
        private final AtomicLongArray at;
        private final Histogram micros = new ConcurrentHistogram(SLOWEST_MICROS, 3);

        Happenings(int most) {
            at = new AtomicLongArray(most);
        }

        void happened(int what) {
            at.set(what, System.nanoTime());
        }

        void heard(int what, long nanos) {
            long since = at.get(what);
            if (since != NEVER) {
                micros.recordValue(Math.clamp((nanos - since) / 1_000, 0, SLOWEST_MICROS));
            }
        }
    }

    private void told(Figures figures) throws SQLException {
        List<String> jobs = accepted(READERS);
        int tokens = (int) (TOKENS_A_SECOND * sizes.told().toSeconds());
        Happenings said = new Happenings(tokens);
        Happenings ended = new Happenings(READERS);
        try (PaperWorker worker = new PaperWorker(stack);
                EventReaders readers = new EventReaders(vertx, stack.apiPort(), stack.key(), (reader, frame, nanos) -> {
                    if (frame.contains("event: token")) {
                        said.heard(stamp(frame), nanos);
                    } else if (frame.contains("\"status\":\"complete\"") && frame.contains("event: status")) {
                        ended.heard(reader, nanos);
                    }
                })) {
            List<ClaimedJob> claimed = worker.claim(jobs);
            readers.follow(jobs);
            ProcessorTime before = stack.processorTime();
            int[] counts = new int[READERS];
            // Two for each second of them: at a pace that a person would call lively.
            pace(tokens, TOKENS_A_SECOND, what -> {
                int job = what % READERS;
                said.happened(what);
                worker.say(claimed.get(job), ++counts[job], "#" + what + "#");
            });
            await(said, tokens);
            figures.processorTime("SSE.token", stack.processorTime().since(before), tokens);
            before = stack.processorTime();
            pace(READERS, ENDS_A_SECOND, job -> {
                // The commit is part of it: what is heard may be heard before we know that it is made.
                ended.happened(job);
                complete(worker, claimed.get(job));
            });
            await(ended, READERS);
            figures.processorTime("SSE.end", stack.processorTime().since(before), READERS);
            if (readers.lost() > 0) {
                throw new BenchFailed(readers.lost() + " readers lost their connections");
            }
        }
        Histogram all = new Histogram(SLOWEST_MICROS, 3);
        all.add(said.micros);
        all.add(ended.micros);
        figures.put("SSE.readers", READERS);
        figures.percentiles("SSE", all);
        figures.percentiles("SSE.token", said.micros);
        figures.percentiles("SSE.status", ended.micros);
        figures.put("SSE.max_ms", all.getMaxValue() / 1_000.0);
    }

    private static void complete(PaperWorker worker, ClaimedJob job) {
        try {
            worker.complete(List.of(job), Clock.systemUTC().instant());
        } catch (SQLException e) {
            throw new BenchFailed("a job could not be completed", e);
        }
    }

    /// Callers who hold on until their job is over.
    private void waitedFor(Figures figures) throws SQLException {
        List<String> jobs = accepted(WAITERS);
        Happenings ended = new Happenings(WAITERS);
        try (PaperWorker worker = new PaperWorker(stack);
                Waiters waiters = new Waiters(vertx, stack.apiPort(), stack.key(), ended::heard)) {
            List<ClaimedJob> claimed = worker.claim(jobs);
            waiters.waitFor(jobs);
            pace(WAITERS, ENDS_A_SECOND, job -> {
                ended.happened(job);
                complete(worker, claimed.get(job));
            });
            await(ended, WAITERS);
        }
        figures.percentiles("SSE.wait", ended.micros);
    }

    private void quiet(Figures figures, HeapWatch heap) {
        List<String> jobs = accepted(QUIET);
        double before = heap.liveMib();
        try (EventReaders readers = new EventReaders(vertx, stack.apiPort(), stack.key(), (_, _, _) -> {})) {
            readers.follow(jobs);
            ProcessorTime begin = stack.processorTime();
            LockSupport.parkNanos(QUIET_TIME.toNanos());
            figures.processorTime("SSE.quiet_second", stack.processorTime().since(begin), QUIET_TIME.toSeconds());
            double after = heap.liveMib();
            figures.put("SSE.quiet_readers", QUIET);
            figures.put("SSE.heap_mb", after);
            figures.put("SSE.heap_kb_per_reader", (after - before) * 1_024 / QUIET);
            figures.put("SSE.api_rss_mb", heap.peakResidentMib());
            if (readers.lost() > 0) {
                throw new BenchFailed(readers.lost() + " quiet readers lost their connections");
            }
        }
    }

    private List<String> accepted(int count) {
        SteadyPace pace = new SteadyPace(vertx, Jobs.target(stack, OperatorFile.HTTP, "standard"));
        List<String> jobs = List.copyOf(
                pace.run(count, ACCEPTED_A_SECOND, CONNECTIONS).intendedMicros().keySet());
        if (jobs.size() != count) {
            throw new BenchFailed("only " + jobs.size() + " of " + count + " jobs were accepted");
        }
        return jobs;
    }

    /// Does something at a steady pace, whether or not anybody keeps up.
    private static void pace(int times, int perSecond, IntConsumer deed) {
        long apart = 1_000_000_000L / perSecond;
        long begin = System.nanoTime();
        for (int i = 0; i < times; i++) {
            for (long left = begin + i * apart - System.nanoTime();
                    left > 0;
                    left = begin + i * apart - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            deed.accept(i);
        }
    }

    private void await(Happenings happenings, int count) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (happenings.micros.getTotalCount() < count) {
            if (System.nanoTime() > giveUp) {
                throw new BenchFailed("only " + happenings.micros.getTotalCount() + " of " + count
                        + " things that happened were heard of");
            }
            stack.alarm().sleep(10);
        }
    }

    /// The number between two signs.
    private static int stamp(String frame) {
        int begin = frame.indexOf('#') + 1;
        return Integer.parseInt(frame.substring(begin, frame.indexOf('#', begin)));
    }
}
