package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.lane.Lane;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ClaimingTest extends OnFreshDatabase {
    @Test
    void aTicketBuysAFencedClaim() throws SQLException {
        UUID trace = UUID.randomUUID();
        JobId job = accept(Draft.at(now)
                .tenant(10)
                .lane(Lane.INTERACTIVE)
                .input("{\"a\":1}")
                .options("{\"o\":2}")
                .maxAttempts(3)
                .traceId(trace)
                .failOnUnknown());

        ClaimedJob claimed = claim(worker, job);

        assertThat(claimed.id()).isEqualTo(job);
        assertThat(claimed.epoch()).isEqualTo(1);
        assertThat(claimed.workerId()).isEqualTo(worker);
        assertThat(claimed.tenantId()).isEqualTo(10);
        assertThat(claimed.lane()).isEqualTo(Lane.INTERACTIVE);
        assertThat(claimed.attempt()).isEqualTo(1);
        assertThat(claimed.maxAttempts()).isEqualTo(3);
        assertThat(claimed.claimedAt()).isAfter(now);
        assertThat(claimed.deadlineAt()).isAfter(now);
        assertThat(claimed.failOnUnknown()).isTrue();
        assertThat(claimed.cancelRequested()).isFalse();
        assertThat(claimed.spentNanos()).isZero();
        assertThat(claimed.operation()).isEqualTo("chat");
        assertThat(claimed.model()).isEqualTo("m");
        assertThat(claimed.input()).isEqualTo("{\"a\":1}");
        assertThat(claimed.options()).isEqualTo("{\"o\":2}");
        assertThat(claimed.traceId()).isEqualTo(trace);
        FreshDatabase.Run run = run(job);
        assertThat(run.status()).isEqualTo("processing");
        assertThat(run.worker()).isEqualTo(worker);
        assertThat(run.startedAt()).isNotNull();
    }

    @Test
    void aSecondTicketBuysNothing() throws SQLException {
        JobId job = accept(Draft.at(now));
        claim(worker, job);

        assertThat(store.claim(worker, uuids(job))).isEmpty();
        assertThat(run(job).epoch()).isEqualTo(1);
    }

    @Test
    void aPageMayHoldATicketTwice() throws SQLException {
        JobId job = accept(Draft.at(now));

        assertThat(store.claim(worker, uuids(job, job))).hasSize(1);
        assertThat(run(job).epoch()).isEqualTo(1);
    }

    @Test
    void aTicketForNoJobBuysNothing() throws SQLException {
        assertThat(store.claim(worker, List.of(new UUID(1, 2)))).isEmpty();
        assertThat(store.claim(worker, List.of())).isEmpty();
    }

    @Test
    void aJobInTheBacklogIsNotForATicket() throws SQLException {
        JobId job = accept(Draft.at(now).toBacklog().tenant(11));

        assertThat(store.claim(worker, uuids(job))).isEmpty();
        assertThat(database.status(job)).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void aWaitingJobIsNotForATicket() throws SQLException {
        JobId job = accept(Draft.at(now).runAt(now.plusSeconds(600)));

        assertThat(store.claim(worker, uuids(job))).isEmpty();
        assertThat(database.status(job)).isEqualTo(JobStatus.WAITING);
    }

    @Test
    void aJobThatIsOverIsNotForATicket() throws SQLException {
        JobId job = accept(Draft.at(now).tenant(12));
        store.cancel(12, job, "test");

        assertThat(store.claim(worker, uuids(job))).isEmpty();
        assertThat(database.status(job)).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    void aJobPastItsDeadlineIsLeftToTheAlarmClock() throws SQLException {
        JobId job = accept(Draft.at(now));
        database.passDeadline(job);

        assertThat(store.claim(worker, uuids(job))).isEmpty();
        assertThat(database.status(job)).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void aWorkerWhoseLeaseHasRunOutGetsNothing() throws SQLException {
        int late = database.worker();
        database.loseLease(late);
        JobId job = accept(Draft.at(now));

        assertThat(store.claim(late, uuids(job))).isEmpty();
        assertThat(store.claim(987_654, uuids(job))).isEmpty();
        assertThat(claim(worker, job).epoch()).isEqualTo(1);
    }

    @Test
    void eachClaimRaisesTheEpochAndKeepsTheFirstStart() throws SQLException {
        JobId job = accept(Draft.at(now).tenant(13));
        ClaimedJob first = claim(worker, job);
        Instant started = run(job).startedAt();
        store.settle(List.of(Endings.handBack(first)), 0);
        store.feed(Lane.STANDARD, 100, 0);

        ClaimedJob second = claim(worker, job);

        assertThat(second.epoch()).isEqualTo(2);
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(run(job).startedAt()).isEqualTo(started);
        assertThat(second.claimedAt()).isAfter(first.claimedAt());
    }

    @Test
    void workersRacingForOnePageShareItWithoutOverlap() throws Exception {
        List<UUID> page = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            page.add(accept(Draft.at(now)).uuid());
        }
        List<Future<List<ClaimedJob>>> shares = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < 6; w++) {
                int racer = database.worker();
                List<UUID> tickets = w % 2 == 0 ? page : page.reversed();
                shares.add(threads.submit(() -> store.claim(racer, tickets)));
            }
        }
        List<JobId> won = new ArrayList<>();
        for (Future<List<ClaimedJob>> share : shares) {
            share.get().forEach(claimed -> won.add(claimed.id()));
        }
        assertThat(won).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void aDeadWorkersJobsAreOrphans() throws SQLException {
        int doomed = database.worker();
        JobId first = accept(Draft.at(now));
        JobId second = accept(Draft.at(now));
        JobId alive = accept(Draft.at(now));
        claim(doomed, first);
        claim(doomed, second);
        claim(worker, alive);
        assertThat(orphansOf(doomed)).isEmpty();

        database.loseLease(doomed);

        assertThat(orphansOf(doomed)).containsExactlyInAnyOrder(first, second);
        assertThat(store.orphans(1)).hasSize(1);
        ClaimedJob orphan = store.orphans(10).stream()
                .filter(claimed -> claimed.id().equals(first))
                .findFirst()
                .orElseThrow();
        assertThat(orphan.workerId()).isEqualTo(doomed);
        assertThat(orphan.epoch()).isEqualTo(1);
        assertThat(orphan.input()).isEqualTo("{\"model\":\"m\"}");
        store.settle(store.orphans(10).stream().map(Endings::rescue).toList(), 0);
        assertThat(store.orphans(10)).isEmpty();
    }

    @Test
    void aWorkerCanAskWhatItHolds() throws SQLException {
        int forgetful = database.worker();
        JobId held = accept(Draft.at(now));
        JobId done = accept(Draft.at(now));
        claim(forgetful, held);
        store.settle(List.of(Endings.complete(claim(forgetful, done))), 0);

        assertThat(store.claimedBy(forgetful)).extracting(ClaimedJob::id).containsExactly(held);
        store.settle(store.claimedBy(forgetful).stream().map(Endings::handBack).toList(), 0);
        assertThat(store.claimedBy(forgetful)).isEmpty();
        assertThat(database.status(held)).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void aJobWithoutAttemptsLeftIsNotClaimed() throws SQLException {
        JobId job = accept(Draft.at(now).maxAttempts(1).tenant(14));
        store.settle(List.of(Endings.backOff(claim(worker, job), Duration.ZERO)), 0);
        database.passWait(job);
        store.wake(100);
        store.feed(Lane.STANDARD, 100, 0);

        assertThat(run(job).dispatched()).isTrue();
        assertThat(store.claim(worker, uuids(job))).isEmpty();
    }

    private List<JobId> orphansOf(int dead) throws SQLException {
        return store.orphans(1_000).stream()
                .filter(orphan -> orphan.workerId() == dead)
                .map(ClaimedJob::id)
                .toList();
    }
}
