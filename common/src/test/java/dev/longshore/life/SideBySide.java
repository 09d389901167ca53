package dev.longshore.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Accepted;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.Draft;
import dev.longshore.job.FreshDatabase;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.Fed;
import dev.longshore.job.NewJob;
import dev.longshore.job.Partitions;
import dev.longshore.job.Verdict;
import dev.longshore.lane.Lane;
import dev.longshore.lease.WorkerLease;
import dev.longshore.life.Command.Order;
import dev.longshore.life.Command.Said;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Runs commands against the real statements and against the model, and holds the two against each other
/// after each: what was answered, and every row that tells a job's story.
final class SideBySide {
    static final int WORKERS = 3;

    /// More than any statement here can find.
    private static final int ALL = 1_000;

    private static final String ROWS = """
            SELECT job_id, 1 AS part, 0::bigint AS place,
                   concat_ws(' ', status, coalesce(wait_reason::text, '-'), CASE WHEN dispatched_at IS NULL THEN 'off' ELSE 'on' END,
                             'epoch', epoch, 'attempt', attempt, 'of', max_attempts, 'worker', coalesce(worker_id, 0),
                             'cancel', cancel_requested, 'spent', spent_nanos,
                             'wakes', CASE WHEN wake_at = deadline_at THEN 'DEADLINE' WHEN wake_at <= now() THEN 'OVER' ELSE 'LATER' END,
                             'late', deadline_at <= now(), 'begun', started_at IS NOT NULL) AS line
              FROM job_run
            UNION ALL
            SELECT job_id, 1, 0,
                   concat_ws(' ', 'over', status, 'epoch', epoch, 'attempt', attempt, 'cost', cost_nanos, 'error', coalesce(error_code, '-'),
                             'discarded', discarded_at IS NOT NULL, 'result', result IS NOT NULL, 'tokens', input_tokens,
                             'begun', started_at IS NOT NULL)
              FROM job_outcome
            UNION ALL
            SELECT job_id, 2, epoch,
                   concat_ws(' ', 'attempt', attempt, 'epoch', epoch, outcome, 'charged', charged, 'cost', cost_nanos, 'held', held_nanos,
                             'tokens', input_tokens, cached_input_tokens, output_tokens, 'by', worker_id, 'error', coalesce(error_code, '-'))
              FROM attempt
            UNION ALL
            SELECT job_id, 3, note_id, 'note ' || kind
              FROM job_note
             ORDER BY 1, 2, 3
            """;

    private final FreshDatabase database;
    private final JobStore store;
    private final WorkerLease leases;
    private final Instant base;
    private final LifeModel model = new LifeModel();
    private final Map<Integer, NewJob> jobs = new HashMap<>();
    private final Map<UUID, Integer> numbers = new HashMap<>();
    private final List<Integer> workers = new ArrayList<>();
    /// Every claim ever made, so that late verdicts can be spoken on old ones.
    private final Map<Integer, Map<Integer, ClaimedJob>> claims = new HashMap<>();

    /// Begins a run on an emptied database.
    SideBySide(FreshDatabase database) throws SQLException {
        this.database = database;
        database.empty();
        store = database.store();
        leases = new WorkerLease(database.source(), Duration.ofHours(1));
        base = database.now();
        for (int i = 0; i < WORKERS; i++) {
            workers.add(join());
        }
    }

    LifeModel model() {
        return model;
    }

    int worker(int place) {
        return workers.get(place);
    }

    /// @throws AssertionError when the statements and the model part ways
    void run(Command command) throws SQLException {
        answers(command);
        assertThat(rows()).isEqualTo(model.rows());
        model.lives()
                .forEach((job, life) -> assertThat(life.ends)
                        .as("terminal transitions of job " + job)
                        .isEqualTo(life.replays + (life.open() ? 0 : 1)));
    }

    private void answers(Command command) throws SQLException {
        switch (command) {
            case Command.Accept(var orders) -> accept(orders);
            case Command.ExpireKey(var tenant, var key) -> {
                model.expireKey(tenant, key);
                database.execute(
                        "UPDATE idempotency_key SET expires_at = now() - interval '1 second' WHERE tenant_id = ? AND key = ?",
                        tenant,
                        key);
            }
            case Command.Claim(var place, var page) -> claim(workers.get(place), page);
            case Command.Settle(var verdicts) ->
                settle(verdicts.stream()
                        .filter(said -> jobs.containsKey(said.job()))
                        .map(this::verdict)
                        .toList());
            case Command.Beat(var place) -> {
                int worker = workers.get(place);
                assertThat(leases.renew(worker, false) != null).as("renewed").isEqualTo(model.alive(worker));
                assertThat(store.toBeCancelled(worker))
                        .extracting(claim -> numbers.get(claim.job().uuid()))
                        .containsExactlyInAnyOrderElementsOf(model.toBeCancelled(worker));
            }
            case Command.LoseLease(var place) -> {
                database.loseLease(workers.get(place));
                model.lost(workers.get(place));
            }
            case Command.LoseEveryLease _ -> {
                for (int worker : model.alive()) {
                    database.loseLease(worker);
                    model.lost(worker);
                }
            }
            case Command.Leave(var place) -> {
                leases.leave(workers.get(place));
                model.lost(workers.get(place));
            }
            case Command.Rejoin(var place) -> workers.set(place, join());
            case Command.Recall(var place) ->
                assertThat(store.claimedBy(workers.get(place)))
                        .extracting(this::number)
                        .containsExactlyInAnyOrderElementsOf(model.claimedBy(workers.get(place)));
            case Command.Rescue _ -> {
                List<ClaimedJob> orphans = store.orphans(ALL);
                assertThat(orphans).extracting(this::number).containsExactlyInAnyOrderElementsOf(model.orphans());
                settle(orphans.stream().map(Ending.JUDGED_LOST::on).toList());
            }
            case Command.Feed(var lane, var room, var afterTenant) -> feed(lane, room, afterTenant);
            case Command.Undispatch(var numbersOfJobs) ->
                assertThat(store.undispatch(ids(numbersOfJobs))).isEqualTo(model.undispatch(numbersOfJobs));
            case Command.Reissue(var lane) ->
                assertThat(store.reissue(lane, Duration.ZERO)).isEqualTo(model.reissue(lane));
            case Command.CountBacklog(var lane) ->
                assertThat(store.backlog(lane, ALL)).isEqualTo(model.backlog(lane));
            case Command.PassWait(var job) -> passWait(job);
            case Command.PassEveryWait _ -> {
                for (int job : model.jobs(life -> life.status == JobStatus.WAITING)) {
                    passWait(job);
                }
            }
            case Command.Wake _ -> assertThat(store.wake(ALL)).isEqualTo(model.wake());
            case Command.PassDeadline(var job) -> passDeadline(job);
            case Command.PassEveryDeadline _ -> {
                for (int job : model.jobs(LifeModel.Life::open)) {
                    passDeadline(job);
                }
            }
            case Command.Expire _ -> assertThat(store.expire(ALL)).isEqualTo(model.expire());
            case Command.Cancel(var tenant, var job) -> {
                if (jobs.containsKey(job)) {
                    assertThat(store.cancel(tenant, id(job), "somebody")).isEqualTo(model.cancel(tenant, job));
                }
            }
            case Command.Replay(var tenant, var dead) ->
                assertThat(numbers(store.replay(tenant, ids(dead), "somebody"))).isEqualTo(model.replay(tenant, dead));
            case Command.Discard(var tenant, var dead) ->
                assertThat(numbers(store.discard(tenant, ids(dead), "somebody")))
                        .isEqualTo(model.discard(tenant, dead));
            case Command.DropYesterday _ -> {
                Partitions partitions = new Partitions(database.source());
                assertThat(!partitions
                                .dropBefore(base.truncatedTo(ChronoUnit.DAYS))
                                .isEmpty())
                        .isEqualTo(model.dropYesterday());
                partitions.makeAhead(base);
            }
        }
    }

    private void passWait(int job) throws SQLException {
        LifeModel.Life life = model.life(job);
        // The row of a queued job has its deadline there, which is another matter.
        if (life != null && life.status == JobStatus.WAITING) {
            database.passWait(id(job));
            model.passWait(job);
        }
    }

    private void passDeadline(int job) throws SQLException {
        if (jobs.containsKey(job)) {
            database.passDeadline(id(job));
            model.passDeadline(job);
        }
    }

    private int join() throws SQLException {
        int worker = leases.join("random", 4);
        model.joined(worker);
        return worker;
    }

    private void accept(List<Order> orders) throws SQLException {
        List<NewJob> asked = new ArrayList<>();
        for (Order order : orders) {
            NewJob job = jobs.computeIfAbsent(order.number(), _ -> job(order));
            numbers.put(job.id().uuid(), order.number());
            asked.add(job);
        }
        List<String> answers = new ArrayList<>();
        for (Accepted answer : store.accept(asked)) {
            answers.add(
                    switch (answer) {
                        case Accepted.Fresh(var id, var dispatched, var _) -> {
                            assertThat(id).isEqualTo(asked.get(answers.size()).id());
                            yield dispatched ? "fresh, to be sent" : "fresh";
                        }
                        case Accepted.Replayed(var original) -> "replayed " + numbers.get(original.uuid());
                        case Accepted.KeyReused(var original) -> "reused " + numbers.get(original.uuid());
                    });
        }
        assertThat(answers).isEqualTo(model.accept(orders));
    }

    private NewJob job(Order order) {
        Draft draft = Draft.at(order.yesterday() ? base.minus(Duration.ofDays(1)) : base)
                .tenant(order.tenant())
                .lane(order.lane())
                .priority(order.priority())
                .maxAttempts(order.maxAttempts())
                .deadline(LifeModel.DEADLINE);
        if (order.failOnUnknown()) {
            draft.failOnUnknown();
        }
        if (!order.direct()) {
            draft.toBacklog();
        }
        if (order.scheduled()) {
            draft.runAt(base.plus(Duration.ofHours(1)));
        }
        if (order.key() != null) {
            draft.key(order.key(), order.body());
        }
        return draft.job();
    }

    private void claim(int worker, List<Integer> page) throws SQLException {
        List<ClaimedJob> claimed = store.claim(worker, ids(page));
        assertThat(numbers(claimed.stream().map(ClaimedJob::id).toList()))
                .hasSameSizeAs(claimed)
                .isEqualTo(model.claim(worker, page));
        for (ClaimedJob claim : claimed) {
            LifeModel.Life life = model.life(number(claim));
            assertThat(claim)
                    .extracting(
                            ClaimedJob::epoch,
                            ClaimedJob::workerId,
                            ClaimedJob::tenantId,
                            ClaimedJob::lane,
                            ClaimedJob::attempt,
                            ClaimedJob::maxAttempts,
                            ClaimedJob::failOnUnknown,
                            ClaimedJob::cancelRequested,
                            ClaimedJob::spentNanos)
                    .containsExactly(
                            life.epoch,
                            worker,
                            life.order.tenant(),
                            life.order.lane(),
                            life.attempt,
                            life.order.maxAttempts(),
                            life.order.failOnUnknown(),
                            false,
                            life.spent);
            claims.computeIfAbsent(number(claim), _ -> new HashMap<>()).put(claim.epoch(), claim);
        }
    }

    private void settle(List<Verdict> verdicts) throws SQLException {
        Map<Integer, List<Verdict>> byJob = verdicts.stream()
                .collect(Collectors.groupingBy(
                        verdict -> number(verdict.job()), LinkedHashMap::new, Collectors.toList()));
        assertThat(numbers(store.settle(verdicts, 0))).isEqualTo(model.settle(byJob));
    }

    private Verdict verdict(Said said) {
        ClaimedJob claim = claims.getOrDefault(said.job(), Map.of()).get(said.epoch());
        return said.ending().on(claim == null ? neverMade(said) : claim);
    }

    /// A claim that nobody has.
    private ClaimedJob neverMade(Said said) {
        NewJob job = jobs.get(said.job());
        return new ClaimedJob(
                job.id(),
                said.epoch(),
                workers.getFirst(),
                job.tenantId(),
                job.lane(),
                1,
                job.maxAttempts(),
                base,
                base.plus(LifeModel.DEADLINE),
                job.failOnUnknown(),
                false,
                0,
                0,
                job.operation(),
                job.model(),
                job.model(),
                job.input(),
                null,
                null);
    }

    /// Which jobs are fed is for the model to say, in which turn the tenants come is checked by its rules.
    private void feed(Lane lane, int room, int afterTenant) throws SQLException {
        Map<Integer, List<Integer>> backlog = new HashMap<>();
        model.tenants(lane).forEach(tenant -> backlog.put(tenant, model.backlog(lane, tenant)));
        int waiting = model.backlog(lane);
        List<Fed> fed = store.feed(lane, room, afterTenant);

        assertThat(fed).as("the room is filled").hasSize(Math.min(room, waiting));
        Map<Integer, List<Integer>> byTenant = new HashMap<>();
        for (Fed job : fed) {
            byTenant.computeIfAbsent(job.tenantId(), _ -> new ArrayList<>()).add(numbers.get(job.jobId()));
        }
        byTenant.forEach((tenant, share) -> assertThat(share)
                .as("tenant " + tenant + " is fed by rank")
                .isEqualTo(backlog.get(tenant).subList(0, share.size())));
        int most = byTenant.values().stream().mapToInt(List::size).max().orElse(0);
        backlog.forEach((tenant, all) -> assertThat(
                        byTenant.getOrDefault(tenant, List.of()).size())
                .as("tenant " + tenant + " has its turns")
                .isGreaterThanOrEqualTo(Math.min(all.size(), most - 1)));
        if (!fed.isEmpty()) {
            int first = backlog.keySet().stream()
                    .filter(tenant -> tenant > afterTenant)
                    .min(Integer::compare)
                    .orElseGet(() ->
                            backlog.keySet().stream().min(Integer::compare).orElseThrow());
            assertThat(fed.getFirst().tenantId()).as("whose turn it is").isEqualTo(first);
        }
        fed.forEach(job -> model.fed(numbers.get(job.jobId())));
    }

    private Map<String, List<String>> rows() throws SQLException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        database.all(
                ROWS,
                row -> rows.computeIfAbsent("job " + numbers.get(row.getObject(1, UUID.class)), _ -> new ArrayList<>())
                        .add(row.getString(4)));
        database.all(
                "SELECT tenant_id, key, job_id, expires_at <= now() FROM idempotency_key",
                row -> rows.put(
                        "key " + row.getInt(1) + " " + row.getString(2),
                        List.of("job " + numbers.get(row.getObject(3, UUID.class)) + " expired "
                                + (row.getBoolean(4) ? "t" : "f"))));
        database.all("""
                SELECT tenant_id, concat_ws(' ', sum(attempts), sum(completed), sum(input_tokens), sum(cached_input_tokens),
                                            sum(output_tokens), sum(cost_nanos))
                  FROM usage_total
                 GROUP BY tenant_id
                """, row -> rows.put("usage " + row.getInt(1), List.of(row.getString(2))));
        return rows;
    }

    private JobId id(int job) {
        return jobs.get(job).id();
    }

    private List<UUID> ids(List<Integer> wanted) {
        return wanted.stream()
                .filter(jobs::containsKey)
                .map(job -> id(job).uuid())
                .toList();
    }

    private int number(ClaimedJob job) {
        return numbers.get(job.id().uuid());
    }

    private Set<Integer> numbers(Collection<JobId> ids) {
        return ids.stream().map(id -> numbers.get(id.uuid())).collect(Collectors.toCollection(HashSet::new));
    }
}
