package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.ErrorCode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SettlingTest extends OnFreshDatabase {
    @Test
    void aCompleteJobHasItsResult() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));

        assertThat(settle(Endings.complete(job))).isTrue();

        assertThat(database.run(job.id())).isNull();
        FreshDatabase.End end = end(job.id());
        assertThat(end.status()).isEqualTo("complete");
        assertThat(end.result()).isEqualTo(Endings.RESULT);
        assertThat(end.epoch()).isEqualTo(1);
        assertThat(end.attempt()).isEqualTo(1);
        assertThat(end.costNanos()).isEqualTo(1_000);
        assertThat(end.provider()).isEqualTo("paper");
        assertThat(end.model()).isEqualTo("paper-m");
        assertThat(end.inputTokens()).isEqualTo(10);
        assertThat(end.errorCode()).isNull();
    }

    @Test
    void anAttemptIsWrittenOnceWithAllThatIsKnown() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now).tenant(7));
        settle(Endings.complete(job));

        assertThat(database.<String>only(
                        """
                        SELECT concat_ws('|', tenant_id, epoch, worker_id - ?, attempt, outcome, charged, cost_nanos, held_nanos,
                                         input_tokens, cached_input_tokens, output_tokens, http_status, first_byte_ms, provider,
                                         model, provider_request_id, ended_at - started_at)
                          FROM attempt WHERE job_id = ?
                        """, row -> row.getString(1), worker, job.id().uuid()))
                .isEqualTo("7|1|0|1|answered|t|1000|0|10|4|6|200|30|paper|paper-m|req-1|00:00:00.15");
    }

    @Test
    void aBuriedJobIsADeadLetter() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));

        assertThat(settle(Endings.bury(job))).isTrue();

        FreshDatabase.End end = end(job.id());
        assertThat(end.status()).isEqualTo("failed");
        assertThat(end.errorCode()).isEqualTo("UNKNOWN_MODEL");
        assertThat(end.errorMessage()).isEqualTo("no such model");
        assertThat(end.result()).isNull();
        assertThat(end.discarded()).isFalse();
    }

    @Test
    void aBuriedJobMayBeDiscardedAtOnce() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));

        settle(Endings.bury(job, true));

        assertThat(end(job.id()).status()).isEqualTo("failed");
        assertThat(end(job.id()).discarded()).isTrue();
    }

    @Test
    void aJobThatFellBackIsQueuedForTheOtherModel() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));

        assertThat(settle(new Verdict(
                        job, new Settlement.FallBack("sim-large", "CONTENT_FILTER_TRIGGERED: no", true), null)))
                .isTrue();

        assertThat(status(job.id())).isEqualTo(JobStatus.QUEUED);
        assertThat(database.notes(job.id())).containsExactly("fell_back");
        feedAll();
        ClaimedJob again = claim(worker, job.id());
        assertThat(again.model()).isEqualTo("sim-large");
        assertThat(again.askedModel()).isEqualTo(job.model());
        assertThat(again.attempt()).isEqualTo(2);
    }

    @Test
    void timeoutsAreCountedSoThatTheNextCallGetsMoreTime() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));
        assertThat(job.timeouts()).isZero();
        settle(Endings.judgedUnknown(job, ErrorCode.MODEL_TIMEOUT));
        database.passWait(job.id());
        store.wake(10);
        feedAll();

        assertThat(claim(worker, job.id()).timeouts()).isEqualTo(1);
    }

    @Test
    void aChargedWaitUsesAnAttempt() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));

        assertThat(settle(Endings.backOff(job, Duration.ofMinutes(1)))).isTrue();

        FreshDatabase.Run run = run(job.id());
        assertThat(run.status()).isEqualTo("waiting");
        assertThat(run.waitReason()).isEqualTo("backoff");
        assertThat(run.waitDetail()).isEqualTo("overloaded");
        assertThat(Duration.between(job.claimedAt().plus(Duration.ofMinutes(1)), run.wakeAt())
                        .abs())
                .isLessThan(Duration.ofMillis(2));
        assertThat(run.attempt()).isEqualTo(1);
        assertThat(run.worker()).isNull();
        assertThat(run.dispatched()).isFalse();
        assertThat(run.spentNanos()).isEqualTo(1_000);
        assertThat(attempts(job.id())).isEqualTo(1);
        assertThat(database.notes(job.id())).containsExactly("waiting");
    }

    @Test
    void anUnchargedWaitGivesTheAttemptBack() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));

        settle(Endings.throttled(job, Duration.ofMinutes(1)));

        assertThat(run(job.id()).attempt()).isZero();
        assertThat(run(job.id()).waitReason()).isEqualTo("rate_limited");
        assertThat(attempts(job.id())).isEqualTo(1);
    }

    @Test
    void aWaitWithoutACallLeavesNoAttempt() throws SQLException {
        for (WaitReason reason : List.of(WaitReason.CIRCUIT_OPEN, WaitReason.CONCURRENCY, WaitReason.BUDGET)) {
            ClaimedJob job = claimed(Draft.at(now));

            settle(Endings.heldUp(job, reason, Duration.ofMinutes(1)));

            assertThat(run(job.id()).waitReason()).isEqualTo(reason.word());
            assertThat(run(job.id()).attempt()).isZero();
            assertThat(attempts(job.id())).isZero();
        }
    }

    @Test
    void aWaitNeverOutlastsTheDeadline() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now).deadline(Duration.ofMinutes(5)));

        settle(Endings.backOff(job, Duration.ofHours(1)));

        assertThat(run(job.id()).wakeAt()).isEqualTo(run(job.id()).deadlineAt());
    }

    @Test
    void aHandedBackJobIsQueuedUnharmed() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));

        assertThat(settle(Endings.handBack(job))).isTrue();

        FreshDatabase.Run run = run(job.id());
        assertThat(run.status()).isEqualTo("queued");
        assertThat(run.dispatched()).isFalse();
        assertThat(run.attempt()).isZero();
        assertThat(run.wakeAt()).isEqualTo(run.deadlineAt());
        assertThat(attempts(job.id())).isZero();
        assertThat(database.notes(job.id())).containsExactly("handed_back");
    }

    @Test
    void aRescuedJobIsQueuedAndItsLostCallIsOnRecord() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));

        assertThat(settle(Endings.rescue(job))).isTrue();

        assertThat(run(job.id()).status()).isEqualTo("queued");
        assertThat(run(job.id()).attempt()).isEqualTo(1);
        assertThat(database.<String>only(
                        "SELECT outcome || '|' || held_nanos || '|' || error_code FROM attempt WHERE job_id = ?",
                        row -> row.getString(1),
                        job.id().uuid()))
                .isEqualTo("unknown|7000|WORKER_LOST");
        assertThat(database.notes(job.id())).containsExactly("rescued");
    }

    @Test
    void whatDoesNotCountAgainstAJobDoesNotWhenACancelEndsItEither() throws SQLException {
        ClaimedJob throttled = claimed(Draft.at(now));
        ClaimedJob failed = claimed(Draft.at(now));
        store.cancel(1, throttled.id(), "test");
        store.cancel(1, failed.id(), "test");

        settle(Endings.throttled(throttled, Duration.ofMinutes(1)));
        settle(Endings.backOff(failed, Duration.ofMinutes(1)));

        assertThat(end(throttled.id()).attempt()).isZero();
        assertThat(end(failed.id()).attempt()).isOne();
        assertThat(database.count(
                        "SELECT count(*) FROM attempt WHERE NOT charged AND job_id = ?",
                        throttled.id().uuid()))
                .isOne();
        assertThat(database.count(
                        "SELECT count(*) FROM attempt WHERE charged AND job_id = ?",
                        failed.id().uuid()))
                .isOne();
    }

    @Test
    void aStoppedJobEndsCancelled() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));
        store.cancel(1, job.id(), "test");

        assertThat(settle(Endings.cancel(job))).isTrue();

        assertThat(end(job.id()).status()).isEqualTo("cancelled");
        assertThat(attempts(job.id())).isEqualTo(1);
    }

    @Test
    void aCancelThatWasAcceptedBeatsEveryVerdict() throws SQLException {
        List<ClaimedJob> jobs =
                List.of(claimed(Draft.at(now)), claimed(Draft.at(now)), claimed(Draft.at(now)), claimed(Draft.at(now)));
        for (ClaimedJob job : jobs) {
            store.cancel(1, job.id(), "test");
        }

        assertThat(store.settle(
                        List.of(
                                Endings.complete(jobs.get(0)),
                                Endings.bury(jobs.get(1), true),
                                Endings.backOff(jobs.get(2), Duration.ofMinutes(1)),
                                Endings.handBack(jobs.get(3))),
                        0))
                .hasSize(4);

        for (ClaimedJob job : jobs) {
            FreshDatabase.End end = end(job.id());
            assertThat(end.status()).isEqualTo("cancelled");
            assertThat(end.result()).isNull();
            assertThat(end.errorCode()).isNull();
            assertThat(end.discarded()).isFalse();
        }
        // What was spent was spent.
        assertThat(end(jobs.getFirst().id()).costNanos()).isEqualTo(1_000);
        assertThat(attempts(jobs.getFirst().id())).isEqualTo(1);
    }

    @Test
    void aVerdictUnderAnOldEpochChangesNothing() throws SQLException {
        ClaimedJob old = claimed(Draft.at(now));
        settle(Endings.rescue(old));
        feedAll();
        ClaimedJob current = claim(worker, old.id());
        FreshDatabase.Run before = run(old.id());

        for (Verdict late : List.of(
                Endings.complete(old),
                Endings.bury(old),
                Endings.cancel(old),
                Endings.backOff(old, Duration.ofMinutes(1)),
                Endings.throttled(old, Duration.ofMinutes(1)),
                Endings.handBack(old),
                Endings.rescue(old))) {
            assertThat(settle(late)).as(late.settlement().toString()).isFalse();
        }

        assertThat(run(old.id())).isEqualTo(before);
        assertThat(attempts(old.id())).isEqualTo(1);
        assertThat(database.notes(old.id())).containsExactly("rescued");
        assertThat(settle(Endings.complete(current))).isTrue();
    }

    @Test
    void aVerdictUnderAnOldEpochIsNotHelpedByACancel() throws SQLException {
        ClaimedJob old = claimed(Draft.at(now));
        settle(Endings.handBack(old));
        feedAll();
        claim(worker, old.id());
        store.cancel(1, old.id(), "test");

        assertThat(settle(Endings.backOff(old, Duration.ZERO))).isFalse();
        assertThat(settle(Endings.complete(old))).isFalse();
        assertThat(status(old.id())).isEqualTo(JobStatus.PROCESSING);
    }

    @Test
    void theSameVerdictTwiceCountsOnce() throws SQLException {
        List<Verdict> verdicts = List.of(
                Endings.complete(claimed(Draft.at(now))),
                Endings.bury(claimed(Draft.at(now))),
                Endings.backOff(claimed(Draft.at(now)), Duration.ofMinutes(1)),
                Endings.rescue(claimed(Draft.at(now))));

        assertThat(store.settle(verdicts, 0)).hasSize(4);
        String usage = usage();
        assertThat(store.settle(verdicts, 0)).isEmpty();

        assertThat(usage()).isEqualTo(usage);
        assertThat(database.count("SELECT count(*) FROM attempt")).isEqualTo(4);
        assertThat(database.count("SELECT count(*) FROM job_note")).isEqualTo(2);
    }

    @Test
    void oneGroupMayHoldAVerdictTwice() throws SQLException {
        ClaimedJob ended = claimed(Draft.at(now));
        ClaimedJob moved = claimed(Draft.at(now));

        assertThat(store.settle(
                        List.of(
                                Endings.complete(ended),
                                Endings.complete(ended),
                                Endings.backOff(moved, Duration.ofMinutes(1)),
                                Endings.backOff(moved, Duration.ofMinutes(1))),
                        0))
                .containsExactlyInAnyOrder(ended.id(), moved.id());

        assertThat(attempts(ended.id())).isEqualTo(1);
        assertThat(attempts(moved.id())).isEqualTo(1);
        assertThat(run(moved.id()).spentNanos()).isEqualTo(1_000);
    }

    @Test
    void costsOfAllAttemptsAddUpOnTheJob() throws SQLException {
        ClaimedJob first = claimed(Draft.at(now));
        settle(Endings.backOff(first, Duration.ZERO));
        database.passWait(first.id());
        store.wake(10);
        feedAll();
        ClaimedJob second = claim(worker, first.id());
        assertThat(second.spentNanos()).isEqualTo(1_000);
        assertThat(second.attempt()).isEqualTo(2);

        settle(Endings.complete(second));

        assertThat(end(first.id()).costNanos()).isEqualTo(2_000);
        assertThat(attempts(first.id())).isEqualTo(2);
    }

    @Test
    void usageAddsUpOverGroupsAndShards() throws SQLException {
        for (int round = 0; round < 3; round++) {
            List<Verdict> verdicts = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                verdicts.add(Endings.complete(claimed(Draft.at(now).tenant(7))));
            }
            verdicts.add(Endings.backOff(claimed(Draft.at(now).tenant(7)), Duration.ofMinutes(1)));
            verdicts.add(Endings.handBack(claimed(Draft.at(now).tenant(80 + round))));
            verdicts.add(Endings.complete(claimed(Draft.at(now).tenant(9))));
            store.settle(verdicts, round % 2);
        }

        assertThat(usage()).isEqualTo("7:18:15:150:60:90:18000 9:3:3:30:12:18:3000");
        assertThat(database.count("SELECT count(*) FROM usage_total WHERE tenant_id = 7"))
                .isEqualTo(2);
        assertThat(database.count("SELECT count(*) FROM usage_total WHERE day <> (now() AT TIME ZONE 'UTC')::date"))
                .isZero();
    }

    @Test
    void settlersThatShareJobsAndTotalsNeitherDeadlockNorDouble() throws Exception {
        for (int round = 0; round < 20; round++) {
            List<ClaimedJob> jobs = claimed(200);
            boolean over = round % 2 == 0;
            CyclicBarrier start = new CyclicBarrier(4);
            List<Future<Integer>> settled = new ArrayList<>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int s = 0; s < 4; s++) {
                    List<Verdict> verdicts = (s % 2 == 0 ? jobs : jobs.reversed())
                            .stream()
                                    .map(job ->
                                            over ? Endings.complete(job) : Endings.backOff(job, Duration.ofHours(1)))
                                    .toList();
                    settled.add(threads.submit(() -> {
                        start.await();
                        return store.settle(verdicts, 0).size();
                    }));
                }
            }
            int sum = 0;
            for (Future<Integer> share : settled) {
                sum += share.get();
            }
            assertThat(sum).isEqualTo(200);
            assertThat(database.count("SELECT sum(attempts) FROM usage_total")).isEqualTo(200);
            assertThat(database.count("SELECT sum(completed) FROM usage_total")).isEqualTo(over ? 200 : 0);
            database.empty();
        }
    }

    private List<ClaimedJob> claimed(int howMany) throws SQLException {
        List<NewJob> jobs = new ArrayList<>();
        for (int i = 0; i < howMany; i++) {
            jobs.add(Draft.at(now).tenant(1 + i % 4).toBacklog().job());
        }
        store.accept(jobs);
        feedAll();
        List<ClaimedJob> claimed = new ArrayList<>(
                store.claim(worker, jobs.stream().map(job -> job.id().uuid()).toList()));
        claimed.sort((a, b) -> a.id().compareTo(b.id()));
        return claimed;
    }

    @Test
    void anEmptyGroupIsNoWork() throws SQLException {
        assertThat(store.settle(List.of(), 0)).isEmpty();
    }

    private String usage() throws SQLException {
        return String.join(" ", database.<String>all("""
                        SELECT concat_ws(':', tenant_id, sum(attempts), sum(completed), sum(input_tokens),
                                         sum(cached_input_tokens), sum(output_tokens), sum(cost_nanos))
                          FROM usage_total GROUP BY tenant_id ORDER BY tenant_id
                        """, row -> row.getString(1)));
    }
}
