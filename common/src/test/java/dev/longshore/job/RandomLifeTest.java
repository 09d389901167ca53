package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobStore.CancelAnswer;
import dev.longshore.job.JobStore.Fed;
import dev.longshore.lane.Lane;
import dev.longshore.lease.WorkerLease;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;

/// Random lives of some twenty jobs at a time in the hands of three workers that die, sleep and speak out of turn,
/// against a
/// model in memory which knows nothing of SQL. After each step every job must be where the model has it.
///
/// `-Dlongshore.seed=N` repeats the run that printed N.
class RandomLifeTest extends OnFreshDatabase {
    /// Open at one time; those that are over make room for new ones, so that every step finds work.
    private static final int OPEN_JOBS = 20;
    /// More than any statement here can find.
    private static final int ALL = 1_000;
    private static final int WORKERS = 3;
    private static final int STEPS = 400;

    /// What the model knows of one job.
    private static final class Life {
        final int tenant;
        JobStatus status = JobStatus.QUEUED;
        boolean dispatched;
        boolean cancelRequested;
        int epoch;
        int attempt;
        int worker;
        long spent;
        int calls;
        int ends;
        int replays;

        Life(int tenant) {
            this.tenant = tenant;
        }

        void leaveTheWorker() {
            worker = 0;
            dispatched = false;
        }

        void end(JobStatus how) {
            status = how;
            dispatched = false;
            worker = 0;
            cancelRequested = false;
            ends++;
        }
    }

    /// In the order of their making, so that a seed repeats its run.
    private final Map<JobId, Life> lives = new LinkedHashMap<>();
    private final List<Integer> workers = new ArrayList<>();
    private final Set<Integer> dead = new HashSet<>();
    /// Every claim ever made, so that late verdicts can be spoken on old ones.
    private final List<ClaimedJob> claims = new ArrayList<>();
    private final List<UUID> tickets = new ArrayList<>();
    private final Map<Lane, Integer> cursor = new EnumMap<>(Lane.class);
    private Random random = new Random(0);
    private WorkerLease leases;

    @RepeatedTest(4)
    void everyJobIsAlwaysWhereTheModelHasIt() throws SQLException {
        long seed = Long.getLong("longshore.seed", new Random().nextLong());
        System.out.println("RandomLifeTest -Dlongshore.seed=" + seed);
        random = new Random(seed);
        leases = new WorkerLease(database.source(), Duration.ofHours(1));
        lives.clear();
        workers.clear();
        dead.clear();
        claims.clear();
        tickets.clear();
        for (int i = 0; i < WORKERS; i++) {
            workers.add(leases.join("random", 4));
        }
        for (int step = 0; step < STEPS; step++) {
            String what = step();
            check("seed " + seed + ", step " + step + ": " + what);
        }
        finish();
        check("seed " + seed + ", at the end");
        assertThat(lives.values())
                .as("seed " + seed)
                .allSatisfy(life -> assertThat(life.status.terminal()).isTrue());
    }

    private String step() throws SQLException {
        return switch (random.nextInt(14)) {
            case 0, 1 -> acceptSome();
            case 2, 3, 4 -> claimSome();
            case 5, 6, 7 -> settleSome();
            case 8 -> feedSome();
            case 9 -> wakeSome();
            case 10 -> cancelOne();
            case 11 -> replayOne();
            case 12 -> random.nextBoolean() ? rescueAll() : loseOneWorker();
            default -> random.nextBoolean() ? expireOne() : loseTickets();
        };
    }

    private String acceptSome() throws SQLException {
        List<NewJob> jobs = new ArrayList<>();
        long open =
                lives.values().stream().filter(life -> !life.status.terminal()).count();
        for (int i = random.nextInt(4); i > 0 && open + jobs.size() < OPEN_JOBS; i--) {
            Draft draft =
                    Draft.at(now).tenant(1 + random.nextInt(3)).maxAttempts(200).priority(random.nextInt(20));
            if (random.nextInt(3) == 0) {
                draft.toBacklog();
            }
            if (random.nextInt(4) == 0) {
                draft.runAt(now.plus(Duration.ofHours(1)));
            }
            jobs.add(draft.job());
        }
        List<Accepted> answers = store.accept(jobs);
        for (int i = 0; i < answers.size(); i++) {
            Life life = new Life(jobs.get(i).tenantId());
            boolean scheduled = jobs.get(i).runAt() != null;
            life.status = scheduled ? JobStatus.WAITING : JobStatus.QUEUED;
            boolean fresh = answers.get(i) instanceof Accepted.Fresh(var _, var dispatched) && dispatched;
            assertThat(fresh && (scheduled || !jobs.get(i).direct())).isFalse();
            life.dispatched = fresh;
            if (fresh) {
                tickets.add(jobs.get(i).id().uuid());
            }
            lives.put(jobs.get(i).id(), life);
        }
        return "accept " + jobs.size();
    }

    private String claimSome() throws SQLException {
        int by = workers.get(random.nextInt(WORKERS));
        List<UUID> page = new ArrayList<>();
        for (UUID ticket : tickets) {
            if (random.nextInt(3) == 0) {
                page.add(ticket);
            }
        }
        // Garbage and doubles.
        lives.keySet().stream().limit(random.nextInt(3)).forEach(job -> page.add(job.uuid()));
        Set<JobId> expected = new HashSet<>();
        for (UUID ticket : page) {
            Life life = lives.get(new JobId(ticket));
            if (!dead.contains(by) && life.status == JobStatus.QUEUED && life.dispatched) {
                expected.add(new JobId(ticket));
            }
        }
        List<ClaimedJob> claimed = store.claim(by, page);
        assertThat(claimed).extracting(ClaimedJob::id).containsExactlyInAnyOrderElementsOf(expected);
        for (ClaimedJob claim : claimed) {
            Life life = lives.get(claim.id());
            assertThat(claim.epoch()).isEqualTo(life.epoch + 1);
            life.epoch = claim.epoch();
            life.attempt++;
            life.status = JobStatus.PROCESSING;
            life.worker = by;
            claims.add(claim);
        }
        if (random.nextInt(3) > 0) {
            tickets.removeAll(page);
        }
        return "claim " + claimed.size() + " of " + page.size() + " by " + by;
    }

    private String settleSome() throws SQLException {
        if (claims.isEmpty()) {
            return "settle nothing";
        }
        Map<JobId, Verdict> group = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            // Mostly late claims, but any that ever was may speak.
            int back = random.nextInt(4) == 0
                    ? random.nextInt(claims.size())
                    : Math.min(claims.size() - 1, random.nextInt(6));
            ClaimedJob claim = claims.get(claims.size() - 1 - back);
            group.put(claim.id(), verdict(claim));
        }
        settle(List.copyOf(group.values()));
        return "settle "
                + group.values().stream()
                        .map(verdict -> verdict.settlement().getClass().getSimpleName())
                        .toList();
    }

    private Verdict verdict(ClaimedJob claim) {
        return switch (random.nextInt(7)) {
            case 0, 1 -> Endings.complete(claim);
            case 2 -> Endings.bury(claim, random.nextBoolean());
            case 3 -> Endings.backOff(claim, Duration.ofHours(1));
            case 4 -> Endings.throttled(claim, Duration.ofHours(1));
            case 5 -> Endings.handBack(claim);
            default -> Endings.cancel(claim);
        };
    }

    /// Records verdicts, and in the model what each must have done.
    private void settle(List<Verdict> verdicts) throws SQLException {
        Set<JobId> expected = new HashSet<>();
        for (Verdict verdict : verdicts) {
            Life life = lives.get(verdict.job().id());
            if (life.status != JobStatus.PROCESSING
                    || life.epoch != verdict.job().epoch()) {
                continue;
            }
            expected.add(verdict.job().id());
            if (verdict.call() != null) {
                life.calls++;
                life.spent += verdict.call().cost().nanos();
            }
            switch (verdict.settlement()) {
                case Settlement.Complete _ -> life.end(life.cancelRequested ? JobStatus.CANCELLED : JobStatus.COMPLETE);
                case Settlement.Bury _ -> life.end(life.cancelRequested ? JobStatus.CANCELLED : JobStatus.FAILED);
                case Settlement.Cancel _ -> life.end(JobStatus.CANCELLED);
                case Settlement.Wait wait -> goRound(life, JobStatus.WAITING, wait.charged());
                case Settlement.HandBack back -> goRound(life, JobStatus.QUEUED, back.charged());
            }
        }
        assertThat(store.settle(verdicts, random.nextInt(2))).isEqualTo(expected);
    }

    private static void goRound(Life life, JobStatus to, boolean charged) {
        if (life.cancelRequested) {
            life.end(JobStatus.CANCELLED);
        } else {
            life.status = to;
            life.attempt -= charged ? 0 : 1;
            life.leaveTheWorker();
        }
    }

    private String feedSome() throws SQLException {
        int room = 1 + random.nextInt(6);
        List<Fed> fed = store.feed(Lane.STANDARD, room, cursor.getOrDefault(Lane.STANDARD, 0));
        long backlog = lives.values().stream()
                .filter(life -> life.status == JobStatus.QUEUED && !life.dispatched)
                .count();
        assertThat(fed).hasSize((int) Math.min(room, backlog));
        for (Fed job : fed) {
            Life life = lives.get(new JobId(job.jobId()));
            assertThat(life.status).isEqualTo(JobStatus.QUEUED);
            assertThat(life.dispatched).isFalse();
            life.dispatched = true;
            tickets.add(job.jobId());
            cursor.put(Lane.STANDARD, job.tenantId());
        }
        return "feed " + fed.size();
    }

    private String wakeSome() throws SQLException {
        int woken = 0;
        for (Map.Entry<JobId, Life> entry : lives.entrySet()) {
            if (entry.getValue().status == JobStatus.WAITING && random.nextBoolean()) {
                database.passWait(entry.getKey());
                entry.getValue().status = JobStatus.QUEUED;
                woken++;
            }
        }
        assertThat(store.wake(ALL)).isEqualTo(woken);
        return "wake " + woken;
    }

    private String cancelOne() throws SQLException {
        JobId job = any(null);
        if (job == null || random.nextInt(3) == 0) {
            return "cancel nothing";
        }
        Life life = lives.get(job);
        CancelAnswer expected = CancelAnswer.NOT_OPEN;
        if (life.status == JobStatus.PROCESSING) {
            life.cancelRequested = true;
            expected = CancelAnswer.STOPPING;
        } else if (!life.status.terminal()) {
            life.end(JobStatus.CANCELLED);
            expected = CancelAnswer.ENDED;
        }
        assertThat(store.cancel(life.tenant, job, "random")).isEqualTo(expected);
        return "cancel " + job + " " + expected;
    }

    private String replayOne() throws SQLException {
        JobId job = any(JobStatus.FAILED);
        if (job == null) {
            return "replay nothing";
        }
        Life life = lives.get(job);
        assertThat(store.replay(life.tenant, List.of(job.uuid()), "random")).containsExactly(job);
        life.status = JobStatus.QUEUED;
        life.dispatched = false;
        life.attempt = 0;
        life.replays++;
        return "replay " + job;
    }

    private String expireOne() throws SQLException {
        JobId job = any(null);
        if (job == null || random.nextInt(3) > 0) {
            return "expire nothing";
        }
        Life life = lives.get(job);
        boolean open = !life.status.terminal() && life.status != JobStatus.PROCESSING;
        if (open) {
            database.passDeadline(job);
            life.end(JobStatus.FAILED);
        }
        assertThat(store.expire(ALL)).isEqualTo(open ? 1 : 0);
        return "expire " + job;
    }

    private String loseTickets() throws SQLException {
        tickets.clear();
        int lost = store.reissue(Lane.STANDARD, Duration.ZERO);
        int expected = 0;
        for (Life life : lives.values()) {
            if (life.status == JobStatus.QUEUED && life.dispatched) {
                life.dispatched = false;
                expected++;
            }
        }
        assertThat(lost).isEqualTo(expected);
        return "lose all tickets, reissue " + lost;
    }

    private String loseOneWorker() throws SQLException {
        int place = random.nextInt(WORKERS);
        int lost = workers.get(place);
        if (dead.add(lost)) {
            database.loseLease(lost);
            assertThat(leases.renew(lost, false)).isNull();
        } else {
            // Its process is started again under a new number; its old claims may still speak.
            workers.set(place, leases.join("random", 4));
        }
        return "lose worker " + lost;
    }

    private String rescueAll() throws SQLException {
        List<ClaimedJob> orphans = store.orphans(ALL);
        Set<JobId> expected = new HashSet<>();
        lives.forEach((job, life) -> {
            if (life.status == JobStatus.PROCESSING && dead.contains(life.worker)) {
                expected.add(job);
            }
        });
        assertThat(orphans).extracting(ClaimedJob::id).containsExactlyInAnyOrderElementsOf(expected);
        settle(orphans.stream().map(Endings::rescue).toList());
        return "rescue " + orphans.size();
    }

    /// Faults stop: everything that is open must come to an end.
    private void finish() throws SQLException {
        int last = leases.join("last", 4);
        for (int worker : workers) {
            database.loseLease(worker);
            dead.add(worker);
        }
        rescueAll();
        wakeSome();
        for (Map.Entry<JobId, Life> entry : lives.entrySet()) {
            if (entry.getValue().status == JobStatus.WAITING) {
                database.passWait(entry.getKey());
                entry.getValue().status = JobStatus.QUEUED;
            }
        }
        store.wake(ALL);
        loseTickets();
        for (Fed job : store.feed(Lane.STANDARD, ALL, 0)) {
            lives.get(new JobId(job.jobId())).dispatched = true;
        }
        List<UUID> page = lives.keySet().stream().map(JobId::uuid).toList();
        List<ClaimedJob> claimed = store.claim(last, page);
        for (ClaimedJob claim : claimed) {
            Life life = lives.get(claim.id());
            life.epoch = claim.epoch();
            life.attempt++;
            life.status = JobStatus.PROCESSING;
        }
        settle(claimed.stream().map(Endings::complete).toList());
    }

    /// Any job of a status; without one, mostly an open job.
    private @Nullable JobId any(@Nullable JobStatus status) {
        boolean open = random.nextInt(5) > 0;
        List<JobId> candidates = lives.entrySet().stream()
                .filter(entry -> status == null
                        ? !open || !entry.getValue().status.terminal()
                        : entry.getValue().status == status)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return candidates.isEmpty() ? null : candidates.get(random.nextInt(candidates.size()));
    }

    private record Seen(
            String status,
            int epoch,
            int attempt,
            long spent,
            boolean dispatched,
            boolean cancelRequested,
            int worker) {}

    /// The invariants, read off the tables after every step.
    private void check(String when) throws SQLException {
        Map<JobId, Seen> seen = new HashMap<>();
        database.all("""
                SELECT job_id, status::text, epoch, attempt, spent_nanos, dispatched_at IS NOT NULL, cancel_requested,
                       coalesce(worker_id, 0)
                  FROM job_run
                UNION ALL
                SELECT job_id, status::text, epoch, attempt, cost_nanos, false, false, 0
                  FROM job_outcome
                """, row -> {
            JobId job = new JobId(row.getObject(1, UUID.class));
            Seen before = seen.put(
                    job,
                    new Seen(
                            row.getString(2),
                            row.getInt(3),
                            row.getInt(4),
                            row.getLong(5),
                            row.getBoolean(6),
                            row.getBoolean(7),
                            row.getInt(8)));
            assertThat(before)
                    .as(when + ": a job goes on or is over, never both")
                    .isNull();
            return job;
        });
        Map<JobId, Seen> expected = new HashMap<>();
        lives.forEach((job, life) -> expected.put(
                job,
                new Seen(
                        life.status.word(),
                        life.epoch,
                        life.attempt,
                        life.spent,
                        life.dispatched,
                        life.cancelRequested,
                        life.worker)));
        assertThat(seen).as(when).isEqualTo(expected);
        assertThat(database.count("SELECT count(*) FROM attempt"))
                .as(when)
                .isEqualTo(lives.values().stream().mapToInt(life -> life.calls).sum());
        for (Life life : lives.values()) {
            assertThat(life.ends).as(when).isEqualTo(life.replays + (life.status.terminal() ? 1 : 0));
        }
    }
}
