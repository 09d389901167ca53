package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.lane.Lane;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The cost of the hot path follows the work in hand, not the backlog and not the history: each statement is
/// run beside 200,000 queued jobs and a month of partitions, and the plans that it was really run with are read.
/// Once with plans made when the tables were full, once with plans that were made when they were empty and kept.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PlansTesting {
    private static final int BACKLOG = 200_000;
    private static final int TENANTS = 20;
    private static final int GROUP = 100;

    /// What a statement on a group may touch: far above any group here, far below the backlog.
    private static final long FEW = 5_000;

    private static final Pattern EXECUTED_PARTITION =
            Pattern.compile("on (?:job|job_outcome|attempt|job_note)_(\\d{8})[^\\n]*\\(actual");

    private FreshDatabase database;
    private JobStore store;
    private Connection session;
    private PlanWatcher watcher;
    private JobStore watched;
    private int worker;
    private Instant now;

    @BeforeAll
    void makeBacklogAndHistory() throws SQLException {
        database = FreshDatabase.make();
        store = database.store();
        now = database.now();
        Partitions partitions = new Partitions(database.source());
        for (int daysAgo = 8; daysAgo <= 32; daysAgo += 8) {
            partitions.makeAhead(now.minus(Duration.ofDays(daysAgo)));
        }
        worker = database.worker();
        // Statistics are taken when the test says so, and not in between.
        database.execute("ALTER TABLE job_run SET (autovacuum_enabled = false)");
        session = database.source().getConnection();
        watcher = new PlanWatcher(session);
        watched = new JobStore(watcher.source());
        prepare();
        watcher.take();
    }

    /// Fills the tables and makes plans, in the order that the test is about.
    abstract void prepare() throws SQLException;

    void fill() throws SQLException {
        database.execute("""
                INSERT INTO job_run (job_id, deadline_at, wake_at, rank, tenant_id, lane, status, max_attempts, priority, fail_on_unknown)
                SELECT uuidv7(), now() + interval '1 h', now() + interval '1 h', now() + n * interval '1 ms', 1 + n % ?,
                       CASE WHEN n % 10 = 0 THEN 'interactive' ELSE 'batch' END::lane, 'queued', 5, 0, false
                  FROM generate_series(1, ?) AS n
                """, TENANTS, BACKLOG);
        database.execute("""
                INSERT INTO job_outcome (job_id, finished_at, deadline_at, cost_nanos, tenant_id, epoch, lane, status, attempt, error_code)
                SELECT uuidv7(n * interval '-1 min'), now(), now(), 0, 1, 1, 'standard', 'failed', 1, 'INTERNAL'
                  FROM generate_series(1, 20000) AS n
                """);
    }

    void takeStatistics() throws SQLException {
        database.execute("VACUUM ANALYZE");
    }

    /// Runs every statement on next to nothing, often enough for the driver to keep its plan.
    void planEverything() throws SQLException {
        for (int i = 0; i < 8; i++) {
            NewJob job = Draft.at(now).tenant(300).key("plan" + i, "body").job();
            NewJob other = Draft.at(now).tenant(300).key("plan" + i, "body").job();
            watched.accept(List.of(job, other));
            List<UUID> ids = ids(List.of(job));
            watched.undispatch(ids);
            watched.backlog(Lane.STANDARD, 1);
            watched.feed(Lane.STANDARD, 1, 0);
            watched.reissue(Lane.STANDARD, Duration.ofHours(1));
            ClaimedJob first = watched.claim(worker, ids).getFirst();
            watched.settle(List.of(Endings.handBack(first)), 0);
            watched.feed(Lane.STANDARD, 1, 0);
            ClaimedJob claimed = watched.claim(worker, ids).getFirst();
            watched.orphans(1);
            watched.claimedBy(worker);
            watched.toBeCancelled(worker);
            watched.wake(1);
            watched.expire(1);
            watched.settle(List.of(Endings.bury(claimed)), 0);
            watched.discard(300, ids, "test");
            watched.replay(300, ids, "test");
            watched.cancel(300, job.id(), "test");
        }
    }

    @AfterAll
    void closeDatabase() throws SQLException {
        session.close();
        database.close();
    }

    @Test
    void acceptingProbesIndexesOnly() throws SQLException {
        watched.accept(jobs("accept"));

        assertProbes(plan());
    }

    @Test
    void claimingReadsOneIndexEntryATicketInOnePartition() throws SQLException {
        List<NewJob> jobs = jobs("claim");
        store.accept(jobs);

        assertThat(watched.claim(worker, ids(jobs))).hasSize(GROUP);

        String plan = plan();
        assertProbes(plan);
        assertThat(plan).contains("job_run_pkey");
        assertThat(partitionsTouchedBy(plan)).hasSize(1);
    }

    @Test
    void settlingReadsOneIndexEntryAVerdict() throws SQLException {
        List<NewJob> jobs = jobs("settle");
        store.accept(jobs);
        List<ClaimedJob> claimed = store.claim(worker, ids(jobs));
        List<Verdict> ends =
                claimed.subList(0, GROUP / 2).stream().map(Endings::complete).toList();
        List<Verdict> waits = claimed.subList(GROUP / 2, GROUP).stream()
                .map(job -> Endings.backOff(job, Duration.ofHours(1)))
                .toList();

        watched.settle(ends, 0);
        assertProbes(plan());
        watched.settle(waits, 0);
        assertProbes(plan());
    }

    @Test
    void feedingFollowsTheNumberOfTenantsNotOfJobs() throws SQLException {
        List<JobStore.Fed> fed = watched.feed(Lane.BATCH, GROUP, 0);
        assertThat(fed).hasSize(GROUP);

        String plan = plan();
        assertProbes(plan);
        assertThat(plan).contains("job_run_backlog");
        store.undispatch(fed.stream().map(JobStore.Fed::jobId).toList());
    }

    @Test
    void wakingAndExpiringReadTheAlarmClockOnly() throws SQLException {
        watched.wake(GROUP);
        String waking = plan();
        assertProbes(waking);
        assertThat(waking).contains("job_run_wake");

        watched.expire(GROUP);
        String expiring = plan();
        assertProbes(expiring);
        assertThat(expiring).contains("job_run_wake");
    }

    @Test
    void whatIsOnTheRoadIsFoundWithoutTheBacklog() throws SQLException {
        watched.orphans(GROUP);
        assertProbes(plan());
        watched.claimedBy(worker);
        assertProbes(plan());
        watched.reissue(Lane.BATCH, Duration.ofMinutes(1));
        assertProbes(plan());
        watched.toBeCancelled(worker);
        assertProbes(plan());
        watched.undispatch(List.of(new UUID(1, 1)));
        assertProbes(plan());
    }

    @Test
    void theBacklogIsCountedNoFurtherThanAsked() throws SQLException {
        assertThat(watched.backlog(Lane.BATCH, 1_000)).isEqualTo(1_000);
        assertProbes(plan());
    }

    @Test
    void ordersProbeThePartitionOfTheirDay() throws SQLException {
        List<UUID> dead = database.all(
                "SELECT job_id FROM job_outcome WHERE status = 'failed' ORDER BY job_id LIMIT 5",
                row -> row.getObject(1, UUID.class));

        assertThat(watched.discard(1, dead, "test")).hasSize(5);
        String plan = plan();
        assertProbes(plan);
        assertThat(partitionsTouchedBy(plan)).hasSize(1);
        watched.cancel(1, new JobId(dead.getFirst()), "test");
        watcher.take().forEach(PlansTesting::assertProbes);
    }

    private List<NewJob> jobs(String key) {
        List<NewJob> jobs = new ArrayList<>();
        for (int i = 0; i < GROUP; i++) {
            Draft draft = Draft.at(now).tenant(200 + i % TENANTS).lane(Lane.STANDARD);
            jobs.add((i % 2 == 0 ? draft : draft.key(key + i, "body")).job());
        }
        return jobs;
    }

    private static List<UUID> ids(List<NewJob> jobs) {
        return jobs.stream().map(job -> job.id().uuid()).toList();
    }

    /// The plan of the one statement that was run.
    private String plan() {
        List<String> plans = watcher.take();
        assertThat(plans).as("statements run").hasSize(1);
        return plans.getFirst();
    }

    private static void assertProbes(String plan) {
        assertThat(plan).doesNotContain("Seq Scan", "Hash Join", "Merge Join", "Bitmap");
        assertThat(PlanWatcher.mostRows(plan)).as(plan).isLessThan(FEW);
    }

    private static List<String> partitionsTouchedBy(String plan) {
        return EXECUTED_PARTITION
                .matcher(plan)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
    }
}
