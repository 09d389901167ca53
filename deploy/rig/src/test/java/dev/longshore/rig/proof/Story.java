package dev.longshore.rig.proof;

import dev.longshore.simulator.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Evidence made by hand, line by line. What it starts with is a run in which all was well: one job
/// under a key, called once by worker 1 and answered.
final class Story {
    static final String JOB = "job_01a1f9df5ce17d12a7f9be7e5f2b87ba";
    static final long START = 1_000_000;
    static final int SLOTS = 2;
    static final int WORKERS = 2;

    final List<Told> told = new ArrayList<>();
    final List<Ledger.Job> jobs = new ArrayList<>();
    final List<Ledger.Run> runs = new ArrayList<>();
    final List<Ledger.Outcome> outcomes = new ArrayList<>();
    final List<Ledger.Attempt> attempts = new ArrayList<>();
    final List<Ledger.Note> notes = new ArrayList<>();
    final List<Ledger.Key> keys = new ArrayList<>();
    final List<Ledger.Total> totals = new ArrayList<>();
    final List<Call> calls = new ArrayList<>();
    final List<Outage> outages = new ArrayList<>();
    final List<Stay> stays = new ArrayList<>();
    final Map<String, Long> unread = new TreeMap<>(Map.of("standard", 0L));
    final Map<String, Double> gauges = new TreeMap<>(Map.of("worker-1 longshore_slots_taken", 0.0));
    final List<Violation> seen = new ArrayList<>();
    final List<String> slips = new ArrayList<>();
    String stuck = "";
    long openCalls;

    /// Nothing has happened.
    static Story empty() {
        return new Story();
    }

    /// One job has completed.
    static Story good() {
        Story story = new Story();
        story.told(Deed.SUBMIT, 0, 10, 202, "queued");
        story.told(Deed.LOOK, 20, 30, 200, "processing");
        story.told(Deed.LOOK, 200, 210, 200, "complete");
        story.job(false);
        story.keys.add(new Ledger.Key(0, "k", JOB));
        story.attempt(1, "answered", 50, 150);
        story.call(1, 50, 149L);
        story.outcome("complete", 1, 151);
        story.totals.add(new Ledger.Total(0, "sim-small", 1, 1, 10, 20, 30));
        story.stays.add(new Stay("worker-1", 0, Long.MAX_VALUE, true, true, "lives"));
        return story;
    }

    void told(Deed deed, long asked, long answered, int http, @Nullable String status) {
        boolean submits = deed == Deed.SUBMIT || deed == Deed.SUBMIT_OTHER;
        told.add(new Told(START + asked, START + answered, deed, 0, 0, submits ? "k" : null, JOB, http, status, null));
    }

    void job(boolean failOnUnknown) {
        jobs.add(new Ledger.Job(JOB, 0, 0, "standard", 2, failOnUnknown, false, at(5)));
    }

    void attempt(int epoch, String outcome, long from, long to) {
        boolean answered = outcome.equals("answered");
        attempts.add(new Ledger.Attempt(
                JOB,
                0,
                "sim-small",
                epoch,
                Math.min(epoch, 2),
                1,
                outcome,
                !outcome.equals("throttled") && !outcome.equals("interrupted"),
                answered ? 10 : 0,
                answered ? 20 : 0,
                answered ? 30 : 0,
                at(from),
                at(to)));
    }

    void call(int epoch, long from, @Nullable Long to) {
        call(JOB, epoch, from, to, "wrk1");
    }

    void call(String job, int epoch, long from, @Nullable Long to, String key) {
        calls.add(new Call(
                calls.size() + 1,
                "chat",
                "sim-small",
                calls.size() + 1,
                START + from,
                to == null ? null : START + to,
                200,
                null,
                1,
                false,
                key,
                job,
                Integer.toString(epoch),
                null,
                null,
                "0",
                10,
                20));
    }

    void outcome(String status, int epoch, long finished) {
        long cost = attempts.stream().mapToLong(Ledger.Attempt::costNanos).sum();
        outcomes.add(new Ledger.Outcome(JOB, 0, "standard", status, epoch, 1, cost, at(50), at(finished)));
    }

    void note(String kind) {
        notes.add(new Ledger.Note(JOB, kind, at(notes.size())));
    }

    static Instant at(long ms) {
        return Instant.ofEpochMilli(START + ms);
    }

    Evidence evidence() {
        return new Evidence(
                told,
                new Ledger(jobs, runs, outcomes, attempts, notes, keys, totals),
                calls,
                outages,
                stays,
                new Rest(stuck, unread, gauges, openCalls),
                new Bounds(SLOTS, WORKERS, Duration.ofSeconds(10), 0.2),
                seen,
                slips);
    }
}
