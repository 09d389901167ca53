package dev.longshore.rig.proof;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.longshore.simulator.Call;
import dev.longshore.webhook.Signature;
import dev.longshore.webhook.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Evidence made by hand, line by line. What it starts with is a run in which all was well: one job
/// under a key, called once by worker 1 and answered.
final class Story {
    static final String JOB = "job_01a1f9df5ce17d12a7f9be7e5f2b87ba";
    static final long START = 1_000_000;
    static final int SLOTS = 2;
    static final int WORKERS = 2;
    static final String WELL = "http://127.0.0.1:2001";
    static final String MOODY = "http://127.0.0.1:2002";
    static final String PARTING = "http://127.0.0.1:2003";
    static final String ELSEWHERE = "http://127.0.0.1:2004";
    static final String ENDPOINT = "we_1";
    static final String TO_ENDPOINT = "evt_1";
    static final String TO_URL = "evt_2";

    /// What the endpoint's calls and those to the URLs of jobs are signed with.
    static final SigningSecret SECRET = SigningSecret.create(new SecureRandom());

    static final SigningSecret OWN_SECRET = SigningSecret.create(new SecureRandom());

    final List<Told> told = new ArrayList<>();
    final List<Ledger.Job> jobs = new ArrayList<>();
    final List<Ledger.Run> runs = new ArrayList<>();
    final List<Ledger.Outcome> outcomes = new ArrayList<>();
    final List<Ledger.Attempt> attempts = new ArrayList<>();
    final List<Ledger.Note> notes = new ArrayList<>();
    final List<Ledger.Key> keys = new ArrayList<>();
    final List<Ledger.Total> totals = new ArrayList<>();
    final List<Ledger.Step> steps = new ArrayList<>();
    final List<Event> events = new ArrayList<>();
    final List<Followed> followed = new ArrayList<>();
    final List<Endpoint> endpoints = new ArrayList<>();
    final Map<Integer, Wish> wishes = new TreeMap<>();
    final List<Notice> notices = new ArrayList<>();
    final List<Heard> heard = new ArrayList<>();
    final List<Call> calls = new ArrayList<>();
    final List<Outage> outages = new ArrayList<>();
    final List<Stay> stays = new ArrayList<>();
    final Map<String, Long> unread = new TreeMap<>(Map.of("standard", 0L));
    final Map<String, Double> gauges = new TreeMap<>(Map.of("worker-1 longshore_slots_taken", 0.0));
    final List<Violation> seen = new ArrayList<>();
    final List<String> slips = new ArrayList<>();
    String stuck = "";
    long openCalls;
    long untold;
    long claimed;

    /// Nothing has happened.
    static Story empty() {
        return new Story();
    }

    /// One job has completed; an endpoint and the job's own webhook were told of its end.
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
        story.step(90_003, "queued", 5);
        story.step(100_000, "processing", 40);
        story.step(190_004, "complete", 151);
        story.follow(
                List.of(
                        piece(90_003, "status", "queued"),
                        piece(100_000, "status", "processing"),
                        piece(190_004, "status", "complete"),
                        piece(190_005, "result", "complete"),
                        piece(190_006, "done", null)),
                "an answer");
        story.endpoint(ENDPOINT, WELL + "/endpoint", null);
        story.wishes.put(0, new Wish(MOODY + "/jobs", null, Set.of("job.complete")));
        story.notice(TO_ENDPOINT, ENDPOINT, WELL + "/endpoint", 190_004, "complete", "delivered");
        story.notice(TO_URL, null, MOODY + "/jobs", 190_004, "complete", "delivered");
        story.heard(TO_ENDPOINT, WELL + "/endpoint", 200, 200, SECRET);
        story.heard(TO_URL, MOODY + "/jobs", 200, 0, OWN_SECRET);
        story.heard(TO_URL, MOODY + "/jobs", 5_200, 200, OWN_SECRET);
        return story;
    }

    /// A change that was told.
    void step(long number, String status, long at) {
        steps.add(new Ledger.Step(JOB, number, status, at(at), true));
        events.add(new Event(0, JOB, number, "job." + status, true));
    }

    /// A reader of the job, which the API shows with `an answer`.
    void follow(List<Followed.Piece> told, @Nullable String result) {
        followed.add(new Followed(
                JOB, told, result == null ? null : TextNode.valueOf(result), TextNode.valueOf("an answer")));
    }

    static Followed.Piece piece(long number, String kind, @Nullable String status) {
        return new Followed.Piece(number, kind, status, 1);
    }

    /// An endpoint of the job's tenant that wants to hear how jobs end.
    ///
    /// @param disabledAt null while it is on
    void endpoint(String id, String url, @Nullable Long disabledAt) {
        endpoints.add(new Endpoint(
                id,
                0,
                url,
                Set.of("job.complete", "job.failed"),
                Map.of("team", "search"),
                List.of(SECRET.shared(), SECRET.pair().publicKey()),
                disabledAt == null ? null : at(disabledAt)));
    }

    void notice(
            String id, @Nullable String endpoint, String address, long number, String status, String outcome) {
        notices.add(new Notice(
                id, 0, JOB, endpoint, address, number, "job." + status, at(151), at(151), null, outcome, 1));
    }

    /// A call about the job's end, as the worker makes it.
    void heard(String id, String address, long at, int answered, SigningSecret secret) {
        heard(id, address, at, answered, secret, body(id));
    }

    void heard(String id, String address, long at, int answered, SigningSecret secret, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Instant signed = at(at).truncatedTo(ChronoUnit.SECONDS);
        heard.add(new Heard(
                START + at,
                address,
                id,
                Long.toString(signed.getEpochSecond()),
                Signature.of(id, signed, bytes, List.of(secret)),
                bytes,
                answered));
    }

    static String body(String id) {
        return """
                {"id": "%s", "type": "job.complete", "timestamp": "%s", "data": {"job_id": "%s", "status": "complete"}}
                """.formatted(id, at(151), JOB);
    }

    void told(Deed deed, long asked, long answered, int http, @Nullable String status) {
        boolean submits = deed == Deed.SUBMIT || deed == Deed.SUBMIT_OTHER;
        told.add(new Told(START + asked, START + answered, deed, 0, 0, submits ? "k" : null, JOB, http, status, null));
    }

    void job(boolean failOnUnknown) {
        jobs.add(job(JOB, 0, failOnUnknown, false));
    }

    static Ledger.Job job(String id, int order, boolean failOnUnknown, boolean scheduled) {
        return new Ledger.Job(
                id, 0, order, "standard", 2, failOnUnknown, scheduled, at(5), Map.of("team", "search", "more", "x"));
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
                new Ledger(jobs, runs, outcomes, attempts, notes, keys, totals, steps),
                calls,
                new Mail(
                        Map.of(
                                WELL, Role.ALWAYS_WELL,
                                MOODY, Role.AT_TIMES_UNWELL,
                                PARTING, Role.GONE_FOR_GOOD,
                                ELSEWHERE, Role.ELSEWHERE),
                        Map.of(0, List.of(OWN_SECRET.shared(), OWN_SECRET.pair().publicKey())),
                        endpoints,
                        wishes,
                        notices,
                        heard),
                events,
                followed,
                outages,
                stays,
                new Rest(stuck, unread, gauges, openCalls, untold, claimed),
                new Bounds(
                        SLOTS, WORKERS, Duration.ofSeconds(10), 0.2, Duration.ofSeconds(2), Duration.ofSeconds(60)),
                seen,
                slips);
    }
}
