package dev.longshore.bench;

import dev.longshore.bench.load.EventReaders;
import dev.longshore.bench.load.SteadyPace;
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

/// SSE: how soon readers of events are told what has happened, and what thousands of them cost who are told nothing.
final class Following {
    private static final int READERS = 1_000;
    private static final int MOST_READERS = 5_000;
    private static final int TOKENS = 6_000;
    private static final int TOKENS_A_SECOND = 1_000;
    private static final int ENDS_A_SECOND = 200;
    private static final int ACCEPTED_A_SECOND = 1_000;
    private static final int CONNECTIONS = 32;

    /// How often readers are told everything before it counts.
    private static final int WARM_TURNS = 2;

    private static final double MIB = 1024.0 * 1024.0;
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SLOWEST_MICROS = Duration.ofMinutes(2).toNanos() / 1_000;

    private final Vertx vertx;
    private final RunningStack stack;
    private final Rows rows;
    private int turns;

    Following(Vertx vertx, RunningStack stack, Rows rows) {
        this.vertx = vertx;
        this.stack = stack;
        this.rows = rows;
    }

    void measure(Figures figures) throws SQLException {
        // At first nothing that readers need has been compiled.
        for (; turns < WARM_TURNS; turns++) {
            told(new Figures());
        }
        told(figures);
        quiet(figures);
        rows.empty();
    }

    /// When each thing happened, and how long it took to be heard of.
    private static final class Happenings {
        private final AtomicLongArray at;
        private final Histogram micros = new ConcurrentHistogram(SLOWEST_MICROS, 3);

        Happenings(int count) {
            at = new AtomicLongArray(count);
        }

        void happened(int what) {
            at.set(what, System.nanoTime());
        }

        void heard(int what, long nanos) {
            micros.recordValue(Math.clamp((nanos - at.get(what)) / 1_000, 0, SLOWEST_MICROS));
        }
    }

    private void told(Figures figures) throws SQLException {
        List<String> jobs = accepted(READERS);
        Happenings said = new Happenings(TOKENS);
        Happenings ended = new Happenings(READERS);
        try (PaperWorker worker = new PaperWorker(stack);
                EventReaders readers = new EventReaders(vertx, stack.apiPort(), stack.key(), (reader, event, nanos) -> {
                    if (event.contains("event: token")) {
                        said.heard(numberIn(event), nanos);
                    } else if (event.contains("event: status") && event.contains("\"status\":\"complete\"")) {
                        ended.heard(reader, nanos);
                    }
                })) {
            List<ClaimedJob> claimed = worker.claim(jobs);
            readers.follow(jobs);
            ProcessorTime before = stack.processorTime();
            pace(TOKENS, TOKENS_A_SECOND, what -> {
                said.happened(what);
                worker.say(claimed.get(what % READERS), what / READERS + 1, "#" + what + "#");
            });
            await(said, TOKENS);
            figures.processorTime("SSE.token", stack.processorTime().since(before), TOKENS);
            before = stack.processorTime();
            pace(READERS, ENDS_A_SECOND, job -> {
                // The commit is part of it: what is heard may be heard before we know that it is made.
                ended.happened(job);
                complete(worker, claimed.get(job));
            });
            await(ended, READERS);
            figures.processorTime("SSE.status", stack.processorTime().since(before), READERS);
            nobodyIsLost(readers);
        }
        Histogram all = new Histogram(SLOWEST_MICROS, 3);
        all.add(said.micros);
        all.add(ended.micros);
        figures.percentiles("SSE.token", said.micros);
        figures.percentiles("SSE.status", ended.micros);
        figures.percentiles("SSE", all);
        figures.put("SSE.max_ms", all.getMaxValue() / 1_000.0);
    }

    private static void complete(PaperWorker worker, ClaimedJob job) {
        try {
            worker.complete(job, Clock.systemUTC().instant());
        } catch (SQLException e) {
            throw new BenchFailed("a job could not be completed", e);
        }
    }

    private void quiet(Figures figures) {
        List<String> jobs = accepted(MOST_READERS);
        try (HeapWatch memory = stack.heapOf("api");
                EventReaders readers = new EventReaders(vertx, stack.apiPort(), stack.key(), (_, _, _) -> {})) {
            double none = memory(figures, memory, 0);
            readers.follow(jobs.subList(0, READERS));
            memory(figures, memory, READERS);
            readers.follow(jobs.subList(READERS, MOST_READERS));
            ProcessorTime before = stack.processorTime();
            LockSupport.parkNanos(QUIET.toNanos());
            figures.processorTime("SSE.quiet_second", stack.processorTime().since(before), QUIET.toSeconds());
            double all = memory(figures, memory, MOST_READERS);
            figures.put("SSE.bytes_per_reader", (all - none) * MIB / MOST_READERS);
            nobodyIsLost(readers);
        }
    }

    /// @return the heap that is needed, MiB
    private static double memory(Figures figures, HeapWatch api, int readers) {
        double heap = api.liveMib();
        figures.put("SSE.heap_mib_" + readers, heap);
        figures.put("SSE.rss_mib_" + readers, api.residentMib());
        return heap;
    }

    private static void nobodyIsLost(EventReaders readers) {
        if (readers.lost() > 0) {
            throw new BenchFailed(readers.lost() + " readers lost their connections");
        }
    }

    private List<String> accepted(int count) {
        rows.empty();
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
            long due = begin + i * apart;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            deed.accept(i);
        }
    }

    private void await(Happenings happenings, int count) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (happenings.micros.getTotalCount() < count) {
            if (System.nanoTime() > giveUp) {
                throw new BenchFailed(
                        "readers heard of " + happenings.micros.getTotalCount() + " of " + count + " events");
            }
            stack.alarm().sleep(10);
        }
    }

    /// What stands between two signs.
    private static int numberIn(String event) {
        int begin = event.indexOf('#') + 1;
        return Integer.parseInt(event.substring(begin, event.indexOf('#', begin)));
    }
}
