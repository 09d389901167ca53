package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobStore.CancelAnswer;
import dev.longshore.job.JobStore.Claim;
import dev.longshore.lane.Lane;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class OrderingTest extends OnFreshDatabase {
    @Test
    void aJobInTheBacklogIsCancelledAtOnce() throws SQLException {
        JobId job = accept(Draft.at(now).toBacklog());

        assertThat(store.cancel(1, job, "me")).isEqualTo(CancelAnswer.ENDED);

        assertThat(end(job).status()).isEqualTo("cancelled");
        assertThat(end(job).epoch()).isZero();
        assertThat(database.notes(job)).containsExactly("cancel_requested");
    }

    @Test
    void aJobOnTheRoadIsCancelledAtOnceAndItsTicketIsWorthless() throws SQLException {
        JobId job = accept(Draft.at(now));

        assertThat(store.cancel(1, job, "me")).isEqualTo(CancelAnswer.ENDED);

        assertThat(store.claim(worker, uuids(job))).isEmpty();
    }

    @Test
    void aWaitingJobIsCancelledAtOnce() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));
        settle(Endings.backOff(job, Duration.ofMinutes(1)));

        assertThat(store.cancel(1, job.id(), "me")).isEqualTo(CancelAnswer.ENDED);

        assertThat(end(job.id()).status()).isEqualTo("cancelled");
        assertThat(end(job.id()).costNanos()).isEqualTo(1_000);
    }

    @Test
    void aRunningJobIsStoppedByItsWorker() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));
        ClaimedJob other = claimed(Draft.at(now));

        assertThat(store.cancel(1, job.id(), "me")).isEqualTo(CancelAnswer.STOPPING);

        assertThat(status(job.id())).isEqualTo(JobStatus.PROCESSING);
        assertThat(store.toBeCancelled(worker)).containsExactly(new Claim(job.id(), job.epoch()));
        assertThat(store.toBeCancelled(worker + 1)).isEmpty();
        assertThat(status(other.id())).isEqualTo(JobStatus.PROCESSING);
        settle(Endings.cancel(job));
        assertThat(store.toBeCancelled(worker)).isEmpty();
    }

    @Test
    void cancellingARunningJobAgainSaysTheSame() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));

        assertThat(store.cancel(1, job.id(), "me")).isEqualTo(CancelAnswer.STOPPING);
        assertThat(store.cancel(1, job.id(), "me")).isEqualTo(CancelAnswer.STOPPING);

        assertThat(database.notes(job.id())).containsExactly("cancel_requested");
    }

    @Test
    void aJobThatIsOverStaysAsItIs() throws SQLException {
        ClaimedJob complete = claimed(Draft.at(now));
        settle(Endings.complete(complete));
        ClaimedJob failed = claimed(Draft.at(now));
        settle(Endings.bury(failed));

        assertThat(store.cancel(1, complete.id(), "me")).isEqualTo(CancelAnswer.NOT_OPEN);
        assertThat(store.cancel(1, failed.id(), "me")).isEqualTo(CancelAnswer.NOT_OPEN);

        assertThat(status(complete.id())).isEqualTo(JobStatus.COMPLETE);
        assertThat(status(failed.id())).isEqualTo(JobStatus.FAILED);
    }

    @Test
    void anotherTenantsJobIsAsGoodAsNone() throws SQLException {
        JobId queued = accept(Draft.at(now).tenant(1));
        ClaimedJob running = claimed(Draft.at(now).tenant(1));
        ClaimedJob dead = claimed(Draft.at(now).tenant(1));
        settle(Endings.bury(dead));

        assertThat(store.cancel(2, queued, "me")).isEqualTo(CancelAnswer.NOT_OPEN);
        assertThat(store.cancel(2, running.id(), "me")).isEqualTo(CancelAnswer.NOT_OPEN);
        assertThat(store.replay(2, uuids(dead.id()), "me")).isEmpty();
        assertThat(store.discard(2, uuids(dead.id()), "me")).isEmpty();

        assertThat(status(queued)).isEqualTo(JobStatus.QUEUED);
        assertThat(run(running.id()).cancelRequested()).isFalse();
        assertThat(end(dead.id()).discarded()).isFalse();
    }

    @Test
    void aCancelThatRacesWithAClaimEndsTheJobOneWayOrTheOther() throws Exception {
        List<JobId> jobs = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            jobs.add(accept(Draft.at(now)));
        }
        List<Future<CancelAnswer>> answers = new ArrayList<>();
        List<Future<List<ClaimedJob>>> claims = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (JobId job : jobs) {
                answers.add(threads.submit(() -> store.cancel(1, job, "me")));
                claims.add(threads.submit(() -> store.claim(worker, uuids(job))));
            }
        }
        for (int i = 0; i < jobs.size(); i++) {
            boolean claimed = !claims.get(i).get().isEmpty();
            assertThat(answers.get(i).get()).isEqualTo(claimed ? CancelAnswer.STOPPING : CancelAnswer.ENDED);
            assertThat(status(jobs.get(i))).isEqualTo(claimed ? JobStatus.PROCESSING : JobStatus.CANCELLED);
        }
    }

    @Test
    void aReplayedJobIsNewButForItsIdItsEpochAndItsCost() throws SQLException {
        ClaimedJob first = claimed(Draft.at(now).priority(20).deadline(Duration.ofMinutes(30)));
        settle(Endings.backOff(first, Duration.ZERO));
        database.passWait(first.id());
        store.wake(10);
        feedAll();
        settle(Endings.bury(claim(worker, first.id())));

        assertThat(store.replay(1, uuids(first.id()), "me")).containsExactly(first.id());

        assertThat(database.end(first.id())).isNull();
        FreshDatabase.Run run = run(first.id());
        assertThat(run.status()).isEqualTo("queued");
        assertThat(run.dispatched()).isFalse();
        assertThat(run.attempt()).isZero();
        assertThat(run.epoch()).isEqualTo(3);
        assertThat(run.spentNanos()).isEqualTo(1_000);
        assertThat(run.startedAt()).isNull();
        assertThat(Duration.between(database.now(), run.deadlineAt()))
                .isBetween(Duration.ofMinutes(29), Duration.ofMinutes(30));
        assertThat(run.rank()).isBefore(now.minusSeconds(15));
        assertThat(database.notes(first.id())).containsExactly("waiting", "woken", "replayed");
        assertThat(database.<String>only(
                        "SELECT detail ->> 'error_code' FROM job_note WHERE kind = 'replayed' AND job_id = ?",
                        row -> row.getString(1),
                        first.id().uuid()))
                .isEqualTo("UNKNOWN_MODEL");
        feedAll();
        ClaimedJob again = claim(worker, first.id());
        assertThat(again.epoch()).isEqualTo(4);
        assertThat(settle(Endings.complete(first))).isFalse();
        assertThat(settle(Endings.complete(again))).isTrue();
        assertThat(attempts(first.id())).isEqualTo(3);
        assertThat(end(first.id()).costNanos()).isEqualTo(2_000);
    }

    @Test
    void onlyFailedJobsAreReplayed() throws SQLException {
        JobId queued = accept(Draft.at(now).toBacklog());
        ClaimedJob complete = claimed(Draft.at(now).tenant(1).lane(Lane.INTERACTIVE));
        settle(Endings.complete(complete));
        JobId cancelled = accept(Draft.at(now));
        store.cancel(1, cancelled, "me");

        assertThat(store.replay(1, uuids(queued, complete.id(), cancelled), "me"))
                .isEmpty();
        assertThat(store.discard(1, uuids(queued, complete.id(), cancelled), "me"))
                .isEmpty();

        assertThat(status(complete.id())).isEqualTo(JobStatus.COMPLETE);
        assertThat(status(cancelled)).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    void aJobIsReplayedOnceHoweverManyAsk() throws Exception {
        List<JobId> dead = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ClaimedJob job = claimed(Draft.at(now));
            settle(Endings.bury(job));
            dead.add(job.id());
        }
        List<Future<List<JobId>>> replays = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                List<JobId> order = i % 2 == 0 ? dead : dead.reversed();
                replays.add(threads.submit(
                        () -> store.replay(1, order.stream().map(JobId::uuid).toList(), "me")));
            }
        }
        List<JobId> replayed = new ArrayList<>();
        for (Future<List<JobId>> replay : replays) {
            replayed.addAll(replay.get());
        }
        assertThat(replayed).containsExactlyInAnyOrderElementsOf(dead);
    }

    @Test
    void aDiscardedJobIsNoDeadLetterAnyMore() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));
        settle(Endings.bury(job));

        assertThat(store.discard(1, uuids(job.id()), "me")).containsExactly(job.id());
        assertThat(store.discard(1, uuids(job.id()), "me")).isEmpty();

        assertThat(end(job.id()).discarded()).isTrue();
        assertThat(database.notes(job.id())).containsExactly("discarded");
    }
}
