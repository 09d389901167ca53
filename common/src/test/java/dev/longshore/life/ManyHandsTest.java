package dev.longshore.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Accepted;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.Draft;
import dev.longshore.job.FreshDatabase;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.CancelAnswer;
import dev.longshore.job.JobStore.Claim;
import dev.longshore.job.JobStore.Fed;
import dev.longshore.job.NewJob;
import dev.longshore.job.Verdict;
import dev.longshore.lane.Lane;
import dev.longshore.lease.WorkerLease;
import dev.longshore.life.Ledger.Step;
import dev.longshore.testing.chance.Seeded;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.TestInstance;

/// Many threads, each with a hand in everything, on the same few jobs at the same time. There is no
/// saying what each statement must answer then; what must hold is held against two witnesses: what the
/// threads were told, and a ledger that triggers keep. The seed repeats what each thread tries, not how
/// they meet.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyHandsTest {
    private static final int THREADS = 8;
    private static final int STEPS = 120;
    private static final int OPEN_JOBS = 24;
    private static final int ALL = 1_000;

    /// The arrows of the contract. Those from a state to itself are claims' cancel flags and travels on
    /// and off the road.
    private static final Set<String> ARROWS = Set.of(
            "null-queued",
            "null-waiting",
            "queued-queued",
            "queued-processing",
            "queued-failed",
            "queued-cancelled",
            "waiting-waiting",
            "waiting-queued",
            "waiting-failed",
            "waiting-cancelled",
            "processing-processing",
            "processing-queued",
            "processing-waiting",
            "processing-complete",
            "processing-failed",
            "processing-cancelled",
            "failed-queued");

    private record Key(int tenant, String key) {}

    private FreshDatabase database;
    private JobStore store;
    private WorkerLease leases;
    private Ledger ledger;

    private final Map<JobId, Integer> jobs = new ConcurrentHashMap<>();
    private final Map<Claim, ClaimedJob> claims = new ConcurrentHashMap<>();
    private final Queue<Claim> claimedTwice = new ConcurrentLinkedQueue<>();
    private final Map<Claim, Integer> settled = new ConcurrentHashMap<>();
    private final Map<JobId, CancelAnswer> cancelled = new ConcurrentHashMap<>();
    private final Map<Key, Set<JobId>> byKey = new ConcurrentHashMap<>();
    private final List<Integer> workers = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final AtomicInteger replays = new AtomicInteger();
    private final AtomicInteger expired = new AtomicInteger();
    private final AtomicInteger endedByCancel = new AtomicInteger();
    private Instant now;

    @BeforeAll
    void makeDatabase() throws SQLException {
        database = FreshDatabase.make();
        store = database.store();
        leases = new WorkerLease(database.source(), Duration.ofHours(1));
        ledger = Ledger.openedOn(database);
    }

    @AfterAll
    void closeDatabase() {
        database.close();
    }

    @RepeatedTest(5)
    void whateverMeetsWhateverTheInvariantsHold() throws Exception {
        long seed = Seeded.seed("ManyHandsTest");
        Random seeds = new Random(seed);
        begin();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> hands = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seeds.nextLong());
                hands.add(threads.submit(() -> {
                    for (int step = 0; step < STEPS; step++) {
                        step(random);
                    }
                    return null;
                }));
            }
            for (Future<?> hand : hands) {
                hand.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a statement failed; -Dlongshore.seed=" + seed + ": " + e.getMessage(), e);
        }
        finish();
        assertInvariants("seed " + seed);
    }

    private void begin() throws SQLException {
        database.empty();
        ledger.clear();
        now = database.now();
        List.of(jobs, claims, settled, cancelled, byKey).forEach(Map::clear);
        claimedTwice.clear();
        workers.clear();
        List.of(replays, expired, endedByCancel).forEach(count -> count.set(0));
        for (int i = 0; i < 3; i++) {
            workers.add(leases.join("hands", 4));
        }
    }

    private void step(Random random) throws SQLException {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3 -> accept(random);
            case 4, 5, 6, 7 -> claim(workers.get(random.nextInt(workers.size())), some(random, 2));
            case 8, 9, 10, 11, 12 -> settleSome(random);
            case 13 -> rescue();
            case 14, 15 -> store.feed(Lane.STANDARD, 1 + random.nextInt(9), random.nextInt(4));
            case 16 -> store.undispatch(some(random, 4));
            case 17 -> store.reissue(Lane.STANDARD, Duration.ZERO);
            case 18 -> wakeOrExpire(random);
            case 19, 20 -> cancel(random);
            case 21 -> replay(some(random, 1));
            case 22 -> store.discard(1 + random.nextInt(3), some(random, 3), "hands");
            default -> beatOrDie(random);
        }
    }

    private void accept(Random random) throws SQLException {
        List<NewJob> asked = new ArrayList<>();
        long open = database.count("SELECT count(*) FROM job_run");
        for (int i = random.nextInt(5); i > 0 && open + asked.size() < OPEN_JOBS; i--) {
            Draft draft = Draft.at(now)
                    .tenant(1 + random.nextInt(3))
                    .maxAttempts(1 + random.nextInt(3))
                    .deadline(LifeModel.DEADLINE);
            if (random.nextInt(3) == 0) {
                draft.toBacklog();
            }
            if (random.nextInt(5) == 0) {
                draft.runAt(now.plus(Duration.ofHours(1)));
            }
            if (random.nextBoolean()) {
                draft.key("k" + random.nextInt(12), random.nextInt(5) == 0 ? "other" : "same");
            }
            asked.add(draft.job());
        }
        List<Accepted> answers = store.accept(asked);
        for (int i = 0; i < asked.size(); i++) {
            NewJob job = asked.get(i);
            JobId made = switch (answers.get(i)) {
                case Accepted.Fresh(var id, var _, var _) -> {
                    jobs.put(id, job.tenantId());
                    yield id;
                }
                case Accepted.Replayed(var original) -> original;
                case Accepted.KeyReused(var original) -> original;
            };
            if (job.guard() != null) {
                byKey.computeIfAbsent(new Key(job.tenantId(), job.guard().key()), _ -> ConcurrentHashMap.newKeySet())
                        .add(made);
            }
        }
    }

    private void claim(int worker, List<UUID> page) throws SQLException {
        for (ClaimedJob claim : store.claim(worker, page)) {
            Claim made = new Claim(claim.id(), claim.epoch());
            if (claims.putIfAbsent(made, claim) != null) {
                claimedTwice.add(made);
            }
        }
    }

    private void settleSome(Random random) throws SQLException {
        Map<JobId, Verdict> group = new HashMap<>();
        for (ClaimedJob claim : claims.values()) {
            boolean fresh = !settled.containsKey(new Claim(claim.id(), claim.epoch()));
            if (random.nextInt(fresh ? 2 : 30) == 0) {
                Ending ending = Ending.values()[random.nextInt(Ending.values().length)];
                group.put(claim.id(), ending.on(claim));
            }
        }
        settle(List.copyOf(group.values()), random.nextInt(2));
    }

    private void settle(List<Verdict> verdicts, int shard) throws SQLException {
        Set<JobId> applied = store.settle(verdicts, shard);
        for (Verdict verdict : verdicts) {
            if (applied.contains(verdict.job().id())) {
                settled.merge(new Claim(verdict.job().id(), verdict.job().epoch()), 1, Integer::sum);
            }
        }
    }

    private void rescue() throws SQLException {
        settle(store.orphans(ALL).stream().map(Ending.JUDGED_LOST::on).toList(), 2);
    }

    private void wakeOrExpire(Random random) throws SQLException {
        for (UUID job : some(random, 8)) {
            if (random.nextInt(3) > 0) {
                database.execute("""
                        UPDATE job_run SET wake_at = now() - interval '1 second' WHERE job_id = ? AND status = 'waiting'
                        """, job);
            } else {
                database.passDeadline(new JobId(job));
            }
        }
        store.wake(ALL);
        expired.addAndGet(store.expire(ALL));
    }

    private void cancel(Random random) throws SQLException {
        for (UUID job : some(random, 12)) {
            JobId id = new JobId(job);
            CancelAnswer answer = store.cancel(jobs.get(id), id, "hands");
            if (answer != CancelAnswer.NOT_OPEN) {
                cancelled.put(id, answer);
            }
            endedByCancel.addAndGet(answer == CancelAnswer.ENDED ? 1 : 0);
        }
    }

    private void replay(List<UUID> dead) throws SQLException {
        for (int tenant = 1; tenant <= 3; tenant++) {
            replays.addAndGet(store.replay(tenant, dead, "hands").size());
        }
    }

    private void beatOrDie(Random random) throws SQLException {
        int place = random.nextInt(workers.size());
        int worker = workers.get(place);
        if (random.nextBoolean()) {
            leases.renew(worker, false);
            store.toBeCancelled(worker);
            store.claimedBy(worker);
        } else {
            database.loseLease(worker);
            workers.set(place, leases.join("hands", 4));
        }
    }

    /// One in `odds` of the jobs, open or over, in no particular order.
    private List<UUID> some(Random random, int odds) {
        return jobs.keySet().stream()
                .filter(_ -> random.nextInt(odds) == 0)
                .map(JobId::uuid)
                .toList();
    }

    /// Faults stop: everything that is open must come to an end.
    private void finish() throws SQLException {
        database.execute("UPDATE worker SET lease_until = now() - interval '1 second'");
        rescue();
        int last = leases.join("last", 4);
        database.execute("UPDATE job_run SET wake_at = now() - interval '1 second' WHERE status = 'waiting'");
        store.wake(ALL);
        store.reissue(Lane.STANDARD, Duration.ZERO);
        List<UUID> fed =
                store.feed(Lane.STANDARD, ALL, 0).stream().map(Fed::jobId).toList();
        claim(last, fed);
        settle(store.claimedBy(last).stream().map(Ending.COMPLETE::on).toList(), 0);
        for (JobId job : jobs.keySet()) {
            database.passDeadline(job);
        }
        expired.addAndGet(store.expire(ALL));
    }

    private void assertInvariants(String when) throws SQLException {
        assertThat(database.count("SELECT count(*) FROM job_run"))
                .as(when + ": I1, still open")
                .isZero();
        assertThat(database.count("SELECT count(*) FROM job_outcome"))
                .as(when + ": I1, over")
                .isEqualTo(jobs.size());
        assertThat(byKey)
                .as(when + ": I2, the jobs of each key")
                .allSatisfy((_, made) -> assertThat(made).hasSize(1));
        assertThat(byKey.values())
                .as(when + ": I2, jobs that were made")
                .allSatisfy(made -> assertThat(jobs.keySet()).containsAll(made));
        assertThat(claimedTwice).as(when + ": I4, one claim an epoch").isEmpty();
        assertThat(settled)
                .as(when + ": I4, one verdict an epoch")
                .allSatisfy((_, times) -> assertThat(times).isOne());
        assertSteps(when);
        for (JobId job : cancelled.keySet()) {
            assertThat(database.status(job).word())
                    .as(when + ": I10, " + cancelled.get(job))
                    .isEqualTo("cancelled");
        }
        assertThat(database.<String>all("""
                        SELECT concat_ws(' ', job_id, epoch) FROM attempt a
                         WHERE NOT EXISTS (SELECT FROM job_outcome o WHERE o.job_id = a.job_id AND o.epoch >= a.epoch)
                        """, row -> row.getString(1)))
                .as(when + ": attempts of claims that never were")
                .isEmpty();
        assertThat(database.<String>only(
                        "SELECT concat_ws(' ', sum(attempts), sum(cost_nanos), sum(input_tokens)) FROM usage_total",
                        row -> row.getString(1)))
                .as(when + ": I7, usage and attempts")
                .isEqualTo(database.<String>only(
                        "SELECT concat_ws(' ', count(*), sum(cost_nanos), sum(input_tokens)) FROM attempt",
                        row -> row.getString(1)));
        assertThat(database.count("SELECT sum(completed) FROM usage_total"))
                .as(when + ": completed")
                .isEqualTo(database.count("SELECT count(*) FROM job_outcome WHERE status = 'complete'"));
        assertThat(database.<String>all("""
                        SELECT o.job_id || ' ' || o.cost_nanos
                          FROM job_outcome o
                         WHERE o.cost_nanos <> (SELECT coalesce(sum(a.cost_nanos), 0) FROM attempt a WHERE a.job_id = o.job_id)
                        """, row -> row.getString(1)))
                .as(when + ": jobs that cost something else than their attempts")
                .isEmpty();
    }

    /// The ledger against the contract's table, and against what the threads were told.
    private void assertSteps(String when) throws SQLException {
        int ends = 0;
        Map<Claim, Integer> left = new HashMap<>();
        for (Map.Entry<UUID, List<Step>> entry : ledger.steps().entrySet()) {
            JobId job = new JobId(entry.getKey());
            Step before = new Step(null, null, 0, 0);
            for (Step step : entry.getValue()) {
                String what = when + ": I3, " + job + " " + before + " " + step;
                assertThat(ARROWS).as(what).contains(step.from() + "-" + step.to());
                assertThat(step.from()).as(what).isEqualTo(before.to());
                boolean claimed = "processing".equals(step.to()) && !"processing".equals(step.from());
                boolean replayed = "failed".equals(step.from());
                assertThat(step.toEpoch()).as(what).isEqualTo(before.toEpoch() + (claimed || replayed ? 1 : 0));
                if ("processing".equals(step.from()) && !"processing".equals(step.to())) {
                    left.merge(new Claim(job, step.fromEpoch()), 1, Integer::sum);
                }
                ends += Set.of("complete", "failed", "cancelled").contains(Objects.requireNonNull(step.to())) ? 1 : 0;
                before = step;
            }
        }
        assertThat(left)
                .as(when + ": I4, what left a worker's hands and what was told to have")
                .isEqualTo(settled);
        assertThat(ends).as(when + ": I3, terminal transitions").isEqualTo(jobs.size() + replays.get());
        long bySettling = ends - expired.get() - endedByCancel.get();
        assertThat(bySettling)
                .as(when + ": I3, terminal transitions of verdicts")
                .isEqualTo(ledger.steps().values().stream()
                        .flatMap(List::stream)
                        .filter(step -> "processing".equals(step.from())
                                && Set.of("complete", "failed", "cancelled").contains(step.to()))
                        .count());
    }
}
