package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.lane.Lane;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class WakingTest extends OnFreshDatabase {
    @Test
    void aJobWhoseTimeHasComeIsQueued() throws SQLException {
        JobId job = accept(Draft.at(now).runAt(now.plusSeconds(600)));
        assertThat(store.wake(10)).isZero();
        database.passWait(job);

        assertThat(store.wake(10)).isEqualTo(1);

        FreshDatabase.Run run = run(job);
        assertThat(run.status()).isEqualTo("queued");
        assertThat(run.waitReason()).isNull();
        assertThat(run.dispatched()).isFalse();
        assertThat(run.wakeAt()).isEqualTo(run.deadlineAt());
        assertThat(database.notes(job)).containsExactly("woken");
        assertThat(store.feed(Lane.STANDARD, 10, 0)).hasSize(1);
    }

    @Test
    void wakingTakesNoMoreThanItsLimit() throws SQLException {
        for (int i = 0; i < 5; i++) {
            database.passWait(accept(Draft.at(now).runAt(now.plusSeconds(600))));
        }

        assertThat(store.wake(3)).isEqualTo(3);
        assertThat(store.wake(3)).isEqualTo(2);
        assertThat(store.wake(3)).isZero();
    }

    @Test
    void aWaitThatOutlastsItsDeadlineIsNotWoken() throws SQLException {
        JobId job = accept(Draft.at(now).runAt(now.plusSeconds(600)));
        database.passDeadline(job);

        assertThat(store.wake(10)).isZero();
        assertThat(store.expire(10)).isEqualTo(1);
    }

    @Test
    void aQueuedJobPastItsDeadlineFails() throws SQLException {
        JobId job = accept(Draft.at(now));
        assertThat(store.expire(10)).isZero();
        database.passDeadline(job);

        assertThat(store.expire(10)).isEqualTo(1);

        assertThat(end(job).status()).isEqualTo("failed");
        assertThat(end(job).errorCode()).isEqualTo("DEADLINE_EXCEEDED");
        assertThat(end(job).errorMessage()).isEqualTo("The job's deadline passed while it was queued.");
    }

    @Test
    void aWaitingJobPastItsDeadlineFailsAndSaysWhatItWaitedFor() throws SQLException {
        JobId scheduled = accept(Draft.at(now).tenant(1).runAt(now.plusSeconds(600)));
        ClaimedJob limited = claimed(Draft.at(now).tenant(2));
        settle(Endings.throttled(limited, Duration.ofMinutes(5)));
        database.passDeadline(scheduled);
        database.passDeadline(limited.id());

        assertThat(store.expire(10)).isEqualTo(2);

        assertThat(end(scheduled).errorMessage())
                .isEqualTo("The job's deadline passed while it was waiting: scheduled.");
        assertThat(end(limited.id()).errorMessage())
                .isEqualTo("The job's deadline passed while it was waiting: rate_limited, slow down.");
    }

    @Test
    void aRunningJobPastItsDeadlineIsLeftToItsWorker() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));
        database.passDeadline(job.id());

        assertThat(store.expire(10)).isZero();
        assertThat(settle(Endings.complete(job))).isTrue();
    }

    @Test
    void whatExpiredAttemptsHaveCostIsKept() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));
        settle(Endings.backOff(job, Duration.ofMinutes(1)));
        database.passDeadline(job.id());

        store.expire(10);

        assertThat(end(job.id()).costNanos()).isEqualTo(1_000);
        assertThat(end(job.id()).attempt()).isEqualTo(1);
        assertThat(end(job.id()).epoch()).isEqualTo(1);
    }

    @Test
    void expiringTakesNoMoreThanItsLimit() throws SQLException {
        for (int i = 0; i < 5; i++) {
            database.passDeadline(accept(Draft.at(now)));
        }

        assertThat(store.expire(3)).isEqualTo(3);
        assertThat(store.expire(3)).isEqualTo(2);
    }

    @Test
    void alarmClocksThatRingTogetherWakeEachJobOnce() throws Exception {
        List<JobId> jobs = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            JobId job = accept(Draft.at(now).runAt(now.plusSeconds(600)));
            database.passWait(job);
            jobs.add(job);
        }
        List<Future<Integer>> rings = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                rings.add(threads.submit(() -> store.wake(60)));
            }
        }
        int woken = store.wake(60);
        for (Future<Integer> ring : rings) {
            woken += ring.get();
        }
        assertThat(woken).isEqualTo(60);
        for (JobId job : jobs) {
            assertThat(database.notes(job)).containsExactly("woken");
        }
    }

    @Test
    void heldBackJobsAreFetchedBeforeTheirTimeTheMostUrgentFirst() throws SQLException {
        JobId batch = held(Draft.at(now).lane(Lane.BATCH), WaitReason.CONCURRENCY, 60);
        JobId late = held(Draft.at(now).lane(Lane.INTERACTIVE), WaitReason.CIRCUIT_OPEN, 90);
        JobId early = held(Draft.at(now).lane(Lane.INTERACTIVE), WaitReason.RATE_LIMITED, 30);
        JobId backsOff = held(Draft.at(now).lane(Lane.INTERACTIVE), WaitReason.BACKOFF, 30);

        assertThat(store.wakeHeld("another model", 10)).isZero();
        assertThat(store.wakeHeld("m", 2)).isEqualTo(2);

        assertThat(status(early)).isEqualTo(JobStatus.QUEUED);
        assertThat(status(late)).isEqualTo(JobStatus.QUEUED);
        assertThat(status(batch)).isEqualTo(JobStatus.WAITING);
        assertThat(store.wakeHeld("m", 10)).isEqualTo(1);
        assertThat(status(backsOff)).as("it waits for another reason").isEqualTo(JobStatus.WAITING);
        assertThat(database.notes(early)).containsExactly("waiting", "woken");
    }

    private JobId held(Draft draft, WaitReason reason, int seconds) throws SQLException {
        ClaimedJob job = claimed(draft);
        settle(new Verdict(job, new Settlement.Wait(reason, now.plusSeconds(seconds), "full", false), null));
        return job.id();
    }
}
