package dev.longshore.rig.storm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.rig.Client;
import dev.longshore.rig.Cluster;
import dev.longshore.rig.Layout;
import dev.longshore.rig.Load;
import dev.longshore.simulator.Call;
import dev.longshore.simulator.Stats;
import dev.longshore.simulator.Tally;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Sends many jobs through a provider that spoils three calls in ten in every way it knows, past limits that it and
/// the operator's file agree on, and looks whether all of them complete, with how many calls, and whether the provider
/// ever saw more than it allows.
public final class Storm {
    /// Calls under way at once that the provider allows.
    public static final int CONCURRENT = 60;

    /// Calls in a minute that it allows.
    public static final int PER_MINUTE = 6_000;

    /// Three workers share the limits; a hang costs five seconds, an open breaker two.
    public static final Layout LAYOUT = new Layout(
            1,
            3,
            1,
            false,
            200,
            List.of(
                    "timeouts: {connect: 2s, first-byte: 5s, idle: 5s, attempt: 10s, least: 4s}",
                    "limits: {concurrent: %d, requests-per-minute: %d}".formatted(CONCURRENT, PER_MINUTE),
                    "breaker: {open-for: 2s}"),
            "256m",
            200);

    /// 429 with and without a time, 500s, hangs before and after the headers, resets, cut connections, nonsense,
    /// halves and streams that break off: 30 % together.
    private static final String SCRIPT = """
            {"seed": %d,
             "models": {"sim-small": {
               "latency": {"p50_ms": 150, "p99_ms": 600},
               "output_tokens": 20,
               "faults": [
                 {"kind": "status", "status": 429, "retry_after": "1", "probability": 0.02},
                 {"kind": "status", "status": 429, "probability": 0.03},
                 {"kind": "status", "status": 500, "probability": 0.05},
                 {"kind": "status", "status": 503, "probability": 0.03},
                 {"kind": "hang", "probability": 0.02},
                 {"kind": "hang_after_headers", "probability": 0.01},
                 {"kind": "reset", "probability": 0.04},
                 {"kind": "close", "probability": 0.03},
                 {"kind": "malformed", "probability": 0.03},
                 {"kind": "truncated_json", "probability": 0.02},
                 {"kind": "broken_stream", "probability": 0.06}
               ]}}}""";

    private static final int CALLERS = 16;
    private static final String[] LANES = {"interactive", "standard", "batch"};

    private final Cluster cluster;
    private final CountDownLatch never = new CountDownLatch(1);

    public Storm(Cluster cluster) {
        this.cluster = cluster;
    }

    /// What was seen.
    ///
    /// @param completed jobs with a result
    /// @param calls calls that reached the provider
    /// @param maxOpen the most calls that it had open at once
    /// @param maxPerMinute the most calls that it had in any minute
    /// @param brokenStreams calls that broke off in the middle of a stream
    /// @param maxTrials the most calls that came in while one opening of a breaker was tried
    public record Seen(
            int jobs,
            long completed,
            long calls,
            long maxOpen,
            long maxPerMinute,
            long brokenStreams,
            long maxTrials,
            int killed,
            Duration took) {
        public double callsPerJob() {
            return (double) calls / jobs;
        }
    }

    /// Runs it.
    ///
    /// @param killEvery how often a worker is killed and started again; zero for never
    /// @param patience how long everything may take
    public Seen run(int jobs, long seed, Duration killEvery, Duration patience, PrintStream out) {
        cluster.simulator().reset();
        cluster.simulator().script(SCRIPT.formatted(seed));
        cluster.books().watchBreakers();
        long begun = System.nanoTime();
        Client client = cluster.client();
        CompletableFuture<Void> submitted = new Load(client, cluster::anyApi, Storm::job).submit(jobs, CALLERS);
        int killed = 0;
        long lastKill = begun;
        long lastWord = begun;
        while (!submitted.isDone() || cluster.books().live() > 0) {
            long now = System.nanoTime();
            if (now - begun > patience.toNanos()) {
                break;
            }
            if (killEvery.isPositive() && now - lastKill > killEvery.toNanos()) {
                lastKill = now;
                var worker = cluster.worker(1 + killed++ % LAYOUT.workers());
                worker.process().kill();
                worker.start();
            }
            if (now - lastWord > Duration.ofSeconds(10).toNanos()) {
                lastWord = now;
                out.printf(
                        "[%4d s] open jobs %d, calls %d, breaker %s%n",
                        Duration.ofNanos(now - begun).toSeconds(),
                        cluster.books().live(),
                        cluster.simulator().stats().all().calls(),
                        cluster.books().breaker("sim-small"));
            }
            pause();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        Stats stats = cluster.simulator().stats();
        Tally model = Objects.requireNonNull(stats.models().get("sim-small"), "the model was called");
        List<String> promised = new ArrayList<>(client.promised());
        long completed = cluster.books().outcomes(promised).stream()
                .filter(outcome -> outcome.status().equals("complete"))
                .count();
        cluster.books().failures(promised).forEach(out::println);
        return new Seen(
                jobs,
                completed,
                model.calls(),
                model.maxOpen(),
                model.maxPerMinute(),
                cluster.books().brokenStreams(promised),
                maxTrials(),
                killed,
                took);
    }

    /// The lanes in turn, and every other job of each is streamed.
    private static ObjectNode job(int number) {
        ObjectNode job = Client.chat(LANES[number % LANES.length], "storm " + number);
        return number / LANES.length % 2 == 0 ? Client.streamed(job) : job;
    }

    private long maxTrials() {
        List<Call> calls = cluster.simulator().calls();
        return cluster.books().halfOpen().stream()
                .mapToLong(trial -> calls.stream()
                        .filter(call -> trial.has(call.model(), Instant.ofEpochMilli(call.receivedAt())))
                        .count())
                .max()
                .orElse(0);
    }

    private void pause() {
        try {
            never.await(250, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
