package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobStore.Fed;
import dev.longshore.lane.Lane;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FeedingTest extends OnFreshDatabase {
    @Test
    void tenantsTakeTurns() throws SQLException {
        backlog(1, 100);
        backlog(2, 2);
        backlog(3, 1);

        List<Fed> fed = store.feed(Lane.STANDARD, 8, 0);

        assertThat(fed).extracting(Fed::tenantId).containsExactly(1, 2, 3, 1, 2, 1, 1, 1);
    }

    @Test
    void theTurnGoesOnBehindTheLastTenant() throws SQLException {
        backlog(1, 5);
        backlog(2, 5);
        backlog(3, 5);

        assertThat(store.feed(Lane.STANDARD, 4, 2)).extracting(Fed::tenantId).containsExactly(3, 1, 2, 3);
        assertThat(store.feed(Lane.STANDARD, 4, 3)).extracting(Fed::tenantId).containsExactly(1, 2, 3, 1);
    }

    @Test
    void atATrickleOfOneEveryTenantHasItsTurn() throws SQLException {
        backlog(1, 100);
        backlog(2, 3);
        backlog(5, 3);
        List<Integer> turns = new ArrayList<>();
        int after = 0;
        for (int i = 0; i < 11; i++) {
            List<Fed> fed = store.feed(Lane.STANDARD, 1, after);
            assertThat(fed).hasSize(1);
            after = fed.getFirst().tenantId();
            turns.add(after);
        }
        assertThat(turns).containsExactly(1, 2, 5, 1, 2, 5, 1, 2, 5, 1, 1);
    }

    @Test
    void aTenantsJobsComeByRank() throws SQLException {
        JobId older = accept(Draft.at(now).toBacklog());
        JobId urgent = accept(Draft.at(now).toBacklog().priority(100));
        JobId idle = accept(Draft.at(now).toBacklog().priority(-100));

        assertThat(store.feed(Lane.STANDARD, 10, 0))
                .extracting(Fed::jobId)
                .containsExactly(urgent.uuid(), older.uuid(), idle.uuid());
    }

    @Test
    void oneRichTenantFillsTheRoomThatPoorOnesLeave() throws SQLException {
        for (int tenant = 2; tenant < 60; tenant++) {
            backlog(tenant, 1);
        }
        backlog(1, 300);

        List<Fed> fed = store.feed(Lane.STANDARD, 250, 0);

        assertThat(fed).hasSize(250).extracting(Fed::jobId).doesNotHaveDuplicates();
        assertThat(fed).filteredOn(job -> job.tenantId() != 1).hasSize(58);
    }

    @Test
    void aFeedingTakesNoMoreThanThereIs() throws SQLException {
        backlog(1, 20);

        assertThat(store.feed(Lane.STANDARD, 100, 0)).hasSize(20);
        assertThat(store.feed(Lane.STANDARD, 100, 0)).isEmpty();
    }

    @Test
    void lanesAreFedOneByOne() throws SQLException {
        accept(Draft.at(now).toBacklog().lane(Lane.BATCH));
        JobId interactive = accept(Draft.at(now).toBacklog().lane(Lane.INTERACTIVE));

        assertThat(store.feed(Lane.INTERACTIVE, 10, 0)).containsExactly(new Fed(interactive.uuid(), 1));
        assertThat(store.backlog(Lane.BATCH, 10)).isEqualTo(1);
    }

    @Test
    void onlyQueuedJobsAreFed() throws SQLException {
        accept(Draft.at(now).tenant(1).runAt(now.plusSeconds(600)));
        accept(Draft.at(now).tenant(2));
        claimed(Draft.at(now).tenant(3));
        settle(Endings.backOff(claimed(Draft.at(now).tenant(4)), Duration.ofMinutes(1)));

        assertThat(store.feed(Lane.STANDARD, 10, 0)).isEmpty();
    }

    @Test
    void feedersThatMeetFeedEachJobOnce() throws Exception {
        backlog(1, 150);
        backlog(2, 150);
        List<Future<List<Fed>>> shares = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                shares.add(threads.submit(() -> store.feed(Lane.STANDARD, 100, 0)));
            }
        }
        List<UUID> fed = new ArrayList<>();
        for (Future<List<Fed>> share : shares) {
            share.get().forEach(job -> fed.add(job.jobId()));
        }
        assertThat(fed).hasSizeGreaterThanOrEqualTo(100).doesNotHaveDuplicates();
    }

    @Test
    void aTicketThatCouldNotBeSentPutsItsJobBack() throws SQLException {
        JobId job = accept(Draft.at(now));

        assertThat(store.undispatch(uuids(job))).isEqualTo(1);

        assertThat(run(job).dispatched()).isFalse();
        assertThat(store.backlog(Lane.STANDARD, 10)).isEqualTo(1);
        assertThat(store.undispatch(uuids(job))).isZero();
    }

    @Test
    void aJobThatWasClaimedAfterAllIsNotPutBack() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));

        assertThat(store.undispatch(uuids(job.id()))).isZero();

        assertThat(status(job.id())).isEqualTo(JobStatus.PROCESSING);
    }

    @Test
    void aLostTicketsJobIsPutBackOnceItIsOldEnough() throws SQLException {
        JobId lost = accept(Draft.at(now).tenant(1));
        JobId young = accept(Draft.at(now).tenant(2));
        JobId otherLane = accept(Draft.at(now).tenant(3).lane(Lane.BATCH));
        ClaimedJob running = claimed(Draft.at(now).tenant(4));
        for (JobId job : List.of(lost, otherLane, running.id())) {
            database.execute("UPDATE job_run SET dispatched_at = now() - interval '70 s' WHERE job_id = ?", job.uuid());
        }

        assertThat(store.reissue(Lane.STANDARD, Duration.ofSeconds(60))).isEqualTo(1);

        assertThat(run(lost).dispatched()).isFalse();
        assertThat(run(young).dispatched()).isTrue();
        assertThat(run(otherLane).dispatched()).isTrue();
        assertThat(status(running.id())).isEqualTo(JobStatus.PROCESSING);
    }

    @Test
    void theBacklogIsCountedUpToALimit() throws SQLException {
        backlog(1, 12);
        accept(Draft.at(now).tenant(2));

        assertThat(store.backlog(Lane.STANDARD, 100)).isEqualTo(12);
        assertThat(store.backlog(Lane.STANDARD, 5)).isEqualTo(5);
        assertThat(store.backlog(Lane.BATCH, 100)).isZero();
    }

    private void backlog(int tenant, int jobs) throws SQLException {
        List<NewJob> group = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            group.add(Draft.at(now).tenant(tenant).toBacklog().job());
        }
        store.accept(group);
    }

    @Test
    void feedersThatDoNotKnowOfEachOtherDoNotDeadlock() throws Exception {
        for (int round = 0; round < 40; round++) {
            List<NewJob> jobs = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                jobs.add(Draft.at(now).tenant(1 + i % 6).toBacklog().job());
            }
            store.accept(jobs);
            List<Future<Integer>> feeders = new ArrayList<>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int turn = 0; turn < 6; turn++) {
                    int after = turn;
                    feeders.add(threads.submit(
                            () -> store.feed(Lane.STANDARD, 60, after).size()));
                }
            }
            int fed = 0;
            for (Future<Integer> feeder : feeders) {
                fed += feeder.get();
            }
            assertThat(fed).isEqualTo(60);
            database.empty();
        }
    }
}
