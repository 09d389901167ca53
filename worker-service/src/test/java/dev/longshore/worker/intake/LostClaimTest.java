package dev.longshore.worker.intake;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.lane.Lane;
import dev.longshore.simulator.Script;
import dev.longshore.testing.LongshoreServers;
import dev.longshore.worker.JobDesk;
import dev.longshore.worker.PaperProvider;
import dev.longshore.worker.attempt.Attempts;
import dev.longshore.worker.attempt.Persistence;
import dev.longshore.worker.lifecycle.Membership;
import dev.longshore.worker.slots.LaneShare;
import dev.longshore.worker.slots.RunningAttempts;
import dev.longshore.worker.slots.Slots;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A claim that took effect and whose answer never came: its jobs are run, once each.
@QuarkusTest
@WithTestResource(LongshoreServers.class)
@WithTestResource(PaperProvider.class)
class LostClaimTest {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    @Inject
    JobDesk desk;

    @Inject
    DataSource database;

    @Inject
    Persistence persistence;

    @Inject
    Attempts attempts;

    @Inject
    RunningAttempts running;

    @Inject
    Membership membership;

    private ForgetfulDatabase forgetful;
    private JobStore store;
    private Slots slots;
    private Intake intake;

    @BeforeEach
    void anIntakeOfItsOwn() {
        PaperProvider.simulator().script(Script.EMPTY);
        PaperProvider.simulator().reset();
        forgetful = new ForgetfulDatabase(database);
        store = new JobStore(forgetful.dataSource());
        slots = new Slots(
                20,
                List.of(
                        new LaneShare(Lane.INTERACTIVE, 6, 2),
                        new LaneShare(Lane.STANDARD, 3, 2),
                        new LaneShare(Lane.BATCH, 1, 1)));
        intake = new Intake(
                store,
                persistence,
                slots,
                attempts,
                running,
                membership::workerId,
                Thread.ofVirtual().factory());
    }

    @AfterEach
    void stop() throws InterruptedException {
        intake.stop();
    }

    private List<UUID> queued(int count) throws SQLException {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(desk.submitWithoutTicket("hello").uuid());
        }
        return ids;
    }

    @Test
    void itsJobsAreRunOnceEachAndTheirTicketsAcknowledged() throws SQLException {
        List<UUID> ids = queued(10);
        List<String> acknowledged = new ArrayList<>();
        forgetful.forget(1);

        intake.take(Lane.STANDARD, ids, () -> acknowledged.add("page"));

        for (UUID id : ids) {
            desk.awaitState(new JobId(id), "complete");
        }
        assertThat(forgetful.left()).isZero();
        assertThat(PaperProvider.simulator().calls("sim-small")).hasSize(10);
        await().until(() -> slots.taken() == 0);
        assertThat(acknowledged).containsExactly("page");
    }

    @Test
    void itIsFoundHoweverOftenTheAnswerIsLost() throws SQLException {
        List<UUID> ids = queued(3);
        forgetful.forget(4);

        intake.take(Lane.STANDARD, ids, () -> {});

        for (UUID id : ids) {
            desk.awaitState(new JobId(id), "complete");
        }
        assertThat(PaperProvider.simulator().calls("sim-small")).hasSize(3);
        await().until(() -> slots.taken() == 0);
    }

    @Test
    void whatTheServerClaimedAfterTheLookIsFoundByALaterOne() throws SQLException {
        ClaimsInDoubt doubts = new ClaimsInDoubt(store, running);
        long now = 0;
        assertThat(doubts.untilNextLook(now)).isEqualTo(Long.MAX_VALUE);
        doubts.arose(now);
        assertThat(doubts.lookIfDue(membership.workerId(), now)).isEmpty();
        List<UUID> ids = queued(2);
        assertThat(store.claim(membership.workerId(), ids)).hasSize(2);

        assertThat(doubts.lookIfDue(membership.workerId(), now + 1))
                .as("not yet")
                .isEmpty();
        now += ClaimsInDoubt.BETWEEN_LOOKS.toNanos();
        assertThat(doubts.lookIfDue(membership.workerId(), now))
                .extracting(job -> job.id().uuid())
                .containsExactlyInAnyOrderElementsOf(ids);
        doubts.arose(now);
        doubts.lookIfDue(membership.workerId(), now).forEach(attempts::handBack);

        // Handed back to the backlog, fed, and run by the worker under test.
        for (UUID id : ids) {
            desk.awaitState(new JobId(id), "complete");
            assertThat(desk.one("SELECT attempt FROM job_outcome WHERE job_id = ?", new JobId(id)))
                    .isEqualTo("1");
        }
        assertThat(PaperProvider.simulator().calls("sim-small")).hasSize(2);
    }

    @Test
    void theDoubtEndsWhenNoServerCanStillBeAtWorkOnIt() throws SQLException {
        ClaimsInDoubt doubts = new ClaimsInDoubt(store, running);
        doubts.arose(0);
        long now = 0;
        int looks = 0;
        while (doubts.untilNextLook(now) != Long.MAX_VALUE) {
            doubts.lookIfDue(membership.workerId(), now);
            looks++;
            assertThat(now).isLessThan(A_MINUTE.toNanos());
            now += ClaimsInDoubt.BETWEEN_LOOKS.toNanos();
        }
        assertThat(looks).isEqualTo(4);
    }
}
