package dev.longshore.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ClaimedJob;
import dev.longshore.job.Draft;
import dev.longshore.job.FreshDatabase;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.job.Verdict;
import dev.longshore.lane.Lane;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// Brings many jobs at once into one state, each with two claims behind it, the second of which is the
/// one that counts: a first claim was handed back, so that an old epoch has been somebody's.
final class States {
    static final int TENANT = 1;
    static final int STRANGER = 2;
    static final int EPOCH = 2;

    /// Every state that a row can be in, told apart as far as any statement could.
    enum State {
        BACKLOG(true, false),
        ON_THE_ROAD(true, false),
        BACKING_OFF(true, true),
        RUNNING(true, false),
        /// No statement leads there yet; the row is made by hand.
        AWAITING_REVIEW(true, false),
        COMPLETE(false, false),
        FAILED(false, false),
        DISCARDED(false, false),
        CANCELLED(false, false),
        /// Replayed, and in the backlog again.
        REVIVED(true, false),
        NOWHERE(false, false);

        final boolean open;
        final boolean waiting;

        State(boolean open, boolean waiting) {
            this.open = open;
            this.waiting = waiting;
        }
    }

    private final FreshDatabase database;
    private final JobStore store;
    private final int worker;
    private final Instant now;

    States(FreshDatabase database) throws SQLException {
        this.database = database;
        database.empty();
        store = database.store();
        worker = database.worker();
        now = database.now();
    }

    int worker() {
        return worker;
    }

    /// @return the claims that count, or did; of the jobs that are nowhere, what such a claim would be
    List<ClaimedJob> bring(State state, int howMany, int maxAttempts) throws SQLException {
        List<NewJob> jobs = new ArrayList<>();
        for (int i = 0; i < howMany; i++) {
            jobs.add(Draft.at(now)
                    .tenant(TENANT)
                    .maxAttempts(maxAttempts)
                    .deadline(LifeModel.DEADLINE)
                    .job());
        }
        store.accept(jobs);
        List<UUID> ids = jobs.stream().map(job -> job.id().uuid()).toList();
        settle(store.claim(worker, ids), Ending.HAND_BACK::on);
        feed(howMany);
        List<ClaimedJob> claims = store.claim(worker, ids);
        assertThat(claims)
                .hasSize(howMany)
                .allSatisfy(claim -> assertThat(claim.epoch()).isEqualTo(EPOCH));
        switch (state) {
            case RUNNING -> {}
            case BACKLOG -> settle(claims, Ending.HAND_BACK::on);
            case ON_THE_ROAD -> {
                settle(claims, Ending.HAND_BACK::on);
                feed(howMany);
            }
            case BACKING_OFF -> settle(claims, Ending.BACK_OFF::on);
            case AWAITING_REVIEW -> database.execute("""
                        UPDATE job_run
                           SET status = 'awaiting_review', wait_reason = 'review', dispatched_at = NULL, worker_id = NULL
                        """);
            case COMPLETE -> settle(claims, Ending.COMPLETE::on);
            case FAILED -> settle(claims, Ending.BURY::on);
            case DISCARDED -> settle(claims, Ending.BURY_AND_DISCARD::on);
            case CANCELLED -> settle(claims, Ending.CANCEL::on);
            case REVIVED -> {
                settle(claims, Ending.BURY::on);
                assertThat(store.replay(TENANT, ids, "test")).hasSize(howMany);
            }
            case NOWHERE -> database.empty();
        }
        return claims;
    }

    private void settle(List<ClaimedJob> claims, Function<ClaimedJob, Verdict> ending) throws SQLException {
        assertThat(store.settle(claims.stream().map(ending).toList(), 0)).hasSameSizeAs(claims);
    }

    private void feed(int howMany) throws SQLException {
        assertThat(store.feed(Lane.STANDARD, howMany, 0)).hasSize(howMany);
    }
}
