package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Accepted.Fresh;
import dev.longshore.job.Accepted.KeyReused;
import dev.longshore.job.Accepted.Replayed;
import dev.longshore.lane.Lane;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class AcceptingTest extends OnFreshDatabase {
    @Test
    void aFreshJobIsQueuedAndOnTheRoad() throws SQLException {
        NewJob job = Draft.at(now).tenant(10).deadline(Duration.ofMinutes(10)).job();

        assertThat(accept(job)).containsExactly(new Fresh(job.id(), true, false));

        FreshDatabase.Run run = run(job);
        assertThat(run.status()).isEqualTo("queued");
        assertThat(run.dispatched()).isTrue();
        assertThat(run.epoch()).isZero();
        assertThat(run.attempt()).isZero();
        assertThat(run.startedAt()).isNull();
        assertThat(Duration.between(now, run.deadlineAt())).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
        assertThat(run.wakeAt()).isEqualTo(run.deadlineAt());
    }

    @Test
    void aJobWithoutRoomOnItsLaneGoesToTheBacklog() throws SQLException {
        NewJob job = Draft.at(now).tenant(11).toBacklog().job();

        assertThat(accept(job)).containsExactly(new Fresh(job.id(), false, false));

        assertThat(run(job).status()).isEqualTo("queued");
        assertThat(run(job).dispatched()).isFalse();
    }

    @Test
    void aTenantWithABacklogQueuesBehindItself() throws SQLException {
        accept(Draft.at(now).tenant(12).toBacklog().job());
        NewJob same = Draft.at(now).tenant(12).job();
        NewJob otherTenant = Draft.at(now).tenant(13).job();
        NewJob otherLane = Draft.at(now).tenant(12).lane(Lane.INTERACTIVE).job();

        assertThat(accept(same, otherTenant, otherLane))
                .containsExactly(
                        new Fresh(same.id(), false, false),
                        new Fresh(otherTenant.id(), true, false),
                        new Fresh(otherLane.id(), true, false));
    }

    @Test
    void aJobForLaterWaitsAndItsDeadlineCountsFromThen() throws SQLException {
        Instant later = now.plus(Duration.ofHours(2)).truncatedTo(ChronoUnit.MILLIS);
        NewJob job = Draft.at(now)
                .tenant(14)
                .runAt(later)
                .deadline(Duration.ofHours(1))
                .job();

        assertThat(accept(job)).containsExactly(new Fresh(job.id(), false, true));

        FreshDatabase.Run run = run(job);
        assertThat(run.status()).isEqualTo("waiting");
        assertThat(run.waitReason()).isEqualTo("scheduled");
        assertThat(run.wakeAt()).isEqualTo(later);
        assertThat(run.deadlineAt()).isEqualTo(later.plus(Duration.ofHours(1)));
    }

    /// Somebody whose commit was not seen asks again, with a key and without.
    @Test
    void whatWasWrittenBeforeStillSaysThatItWaits() throws SQLException {
        Instant later = now.plus(Duration.ofHours(2));
        NewJob free = Draft.at(now).tenant(14).runAt(later).job();
        NewJob keyed =
                Draft.at(now).tenant(14).runAt(later).key("later", "body").job();
        accept(free);
        accept(keyed);

        assertThat(accept(free)).containsExactly(new Fresh(free.id(), true, true));
        assertThat(accept(keyed)).containsExactly(new Fresh(keyed.id(), true, true));
    }

    @Test
    void aTimeInThePastMeansNow() throws SQLException {
        NewJob job = Draft.at(now).tenant(15).runAt(now.minusSeconds(60)).job();

        assertThat(accept(job)).containsExactly(new Fresh(job.id(), true, false));

        assertThat(run(job).status()).isEqualTo("queued");
        assertThat(run(job).deadlineAt()).isAfter(now.plus(Duration.ofMinutes(59)));
    }

    @Test
    void priorityIsAHeadStartInSeconds() throws SQLException {
        NewJob ordinary = Draft.at(now).tenant(16).job();
        NewJob urgent = Draft.at(now).tenant(16).priority(30).job();
        accept(ordinary, urgent);

        assertThat(Duration.between(run(urgent).rank(), run(ordinary).rank())).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void whatWasAskedIsKeptAsItCame() throws SQLException {
        UUID trace = UUID.randomUUID();
        String input = "{\"text\":\"q\\\"uo\\\\te, {curly} 日本 NULL\",\n \"n\": 1.0}";
        NewJob job = Draft.at(now)
                .tenant(17)
                .input(input)
                .options("{\"cache\":\"no-store\"}")
                .labels("{\"team\":\"search\"}")
                .traceId(trace)
                .failOnUnknown()
                .maxAttempts(3)
                .job();
        accept(job);

        assertThat(database.<String>only("""
                        SELECT input || '|' || options || '|' || (labels ->> 'team') || '|' || trace_id || '|' || max_attempts
                          FROM job WHERE tenant_id = 17 AND job_id = ? AND fail_on_unknown
                        """, row -> row.getString(1), job.id().uuid()))
                .isEqualTo(input + "|{\"cache\":\"no-store\"}|search|" + trace + "|3");
    }

    @Test
    void theSameKeyAndBodyMeetTheFirstJob() throws SQLException {
        NewJob first = Draft.at(now).tenant(18).key("k", "body").job();
        NewJob second = Draft.at(now).tenant(18).key("k", "body").job();

        assertThat(accept(first)).containsExactly(new Fresh(first.id(), true, false));
        assertThat(accept(second)).containsExactly(new Replayed(first.id()));

        assertThat(jobsOf(18)).isEqualTo(1);
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() throws SQLException {
        NewJob first = Draft.at(now).tenant(19).key("k", "body").job();
        accept(first);

        assertThat(accept(Draft.at(now).tenant(19).key("k", "other").job())).containsExactly(new KeyReused(first.id()));

        assertThat(jobsOf(19)).isEqualTo(1);
    }

    @Test
    void keysBelongToTheirTenant() throws SQLException {
        accept(Draft.at(now).tenant(20).key("k", "body").job());
        NewJob other = Draft.at(now).tenant(21).key("k", "body").job();

        assertThat(accept(other)).containsExactly(new Fresh(other.id(), true, false));
    }

    @Test
    void oneGroupMayHoldAKeyManyTimes() throws SQLException {
        NewJob first = Draft.at(now).tenant(22).key("k", "body").job();
        NewJob same = Draft.at(now).tenant(22).key("k", "body").job();
        NewJob other = Draft.at(now).tenant(22).key("k", "other").job();
        NewJob free = Draft.at(now).tenant(22).job();

        assertThat(accept(first, same, other, free))
                .containsExactly(
                        new Fresh(first.id(), true, false),
                        new Replayed(first.id()),
                        new KeyReused(first.id()),
                        new Fresh(free.id(), true, false));
        assertThat(jobsOf(22)).isEqualTo(2);
    }

    @Test
    void anExpiredKeyIsTakenOver() throws SQLException {
        accept(Draft.at(now).tenant(23).key("k", "body").job());
        database.execute("UPDATE idempotency_key SET expires_at = now() - interval '1 second' WHERE tenant_id = 23");
        NewJob heir = Draft.at(now).tenant(23).key("k", "other").job();

        assertThat(accept(heir)).containsExactly(new Fresh(heir.id(), true, false));
        assertThat(accept(Draft.at(now).tenant(23).key("k", "other").job())).containsExactly(new Replayed(heir.id()));
    }

    @Test
    void acceptingAgainAfterAnUnseenCommitMakesNoSecondJob() throws SQLException {
        NewJob keyed = Draft.at(now).tenant(25).key("k", "body").job();
        NewJob free = Draft.at(now).tenant(25).job();
        NewJob late = Draft.at(now).tenant(25).job();
        accept(keyed, free);

        assertThat(accept(keyed, free, late))
                .containsExactly(
                        new Fresh(keyed.id(), true, false),
                        new Fresh(free.id(), true, false),
                        new Fresh(late.id(), true, false));

        assertThat(jobsOf(25)).isEqualTo(3);
        assertThat(database.count("SELECT count(*) FROM job_run WHERE tenant_id = 25"))
                .isEqualTo(3);
    }

    @Test
    void acceptingAgainDoesNotReviveAJobThatIsOver() throws SQLException {
        NewJob job = Draft.at(now).tenant(26).job();
        accept(job);
        store.cancel(26, job.id(), "test");

        assertThat(accept(job)).containsExactly(new Fresh(job.id(), true, false));

        assertThat(database.status(job.id())).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    void oneImpossibleJobRefusesItsWholeGroup() throws SQLException {
        NewJob good = Draft.at(now).tenant(27).key("k", "body").job();
        NewJob bad = Draft.at(now).tenant(27).labels("no json").job();

        assertThatThrownBy(() -> accept(good, bad)).isInstanceOf(SQLException.class);

        assertThat(jobsOf(27)).isZero();
        assertThat(database.count("SELECT count(*) FROM idempotency_key WHERE tenant_id = 27"))
                .isZero();
    }

    @Test
    void anEmptyGroupIsNoWork() throws SQLException {
        assertThat(store.accept(List.of())).isEmpty();
    }

    @Test
    void aHundredCallersRacingWithOneKeyMakeOneJob() throws Exception {
        int callers = 100;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Accepted>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                NewJob job = Draft.at(now).tenant(28).key("race", "body").job();
                answers.add(threads.submit(() -> {
                    start.await();
                    return accept(job).getFirst();
                }));
            }
            start.countDown();
        }
        List<JobId> ids = new ArrayList<>();
        int fresh = 0;
        for (Future<Accepted> answer : answers) {
            switch (answer.get()) {
                case Fresh(var id, var _, var _) -> {
                    fresh++;
                    ids.add(id);
                }
                case Replayed(var id) -> ids.add(id);
                case KeyReused(var id) -> throw new AssertionError("another body for " + id);
            }
        }
        assertThat(fresh).isEqualTo(1);
        assertThat(ids).hasSize(callers).containsOnly(ids.getFirst());
        assertThat(jobsOf(28)).isEqualTo(1);
    }

    @Test
    void groupsThatShareManyKeysDoNotDeadlock() throws Exception {
        int groups = 8;
        List<Future<List<Accepted>>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int g = 0; g < groups; g++) {
                List<NewJob> jobs = new ArrayList<>();
                for (int k = 0; k < 40; k++) {
                    // Each group names the keys from another end.
                    int key = g % 2 == 0 ? k : 39 - k;
                    jobs.add(Draft.at(now).tenant(29).key("key-" + key, "body").job());
                }
                answers.add(threads.submit(() -> store.accept(jobs)));
            }
        }
        long fresh = 0;
        for (Future<List<Accepted>> group : answers) {
            fresh += group.get().stream().filter(Fresh.class::isInstance).count();
        }
        assertThat(fresh).isEqualTo(40);
        assertThat(jobsOf(29)).isEqualTo(40);
    }

    private List<Accepted> accept(NewJob... jobs) throws SQLException {
        return store.accept(List.of(jobs));
    }

    private FreshDatabase.Run run(NewJob job) throws SQLException {
        return run(job.id());
    }

    private long jobsOf(int tenant) throws SQLException {
        return database.count("SELECT count(*) FROM job WHERE tenant_id = ?", tenant);
    }

    @Test
    void anExpiredKeyIsFreeAlsoInAGroupThatWasWrittenInPart() throws SQLException {
        NewJob first = Draft.at(now).key("k", "same").job();
        NewJob written = Draft.at(now).job();
        store.accept(List.of(first, written));
        database.execute("UPDATE idempotency_key SET expires_at = now() - interval '1 second'");
        NewJob second = Draft.at(now).key("k", "same").job();

        assertThat(store.accept(List.of(written, second)))
                .containsExactly(
                        new Accepted.Fresh(written.id(), true, false), new Accepted.Fresh(second.id(), true, false));
    }
}
