package dev.longshore.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.ErrorCode;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.Draft;
import dev.longshore.job.FreshDatabase;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.job.Settlement.Bury;
import dev.longshore.job.Settlement.HandBack;
import dev.longshore.job.Verdict;
import dev.longshore.lane.Lane;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What happened is told, whoever fails to tell it first.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutboxTest {
    private FreshDatabase database;
    private JobStore store;
    private Outbox outbox;
    private Instant now;

    @BeforeAll
    void makeDatabase() throws SQLException {
        database = FreshDatabase.make();
        store = database.store();
        outbox = new Outbox(database.source());
        now = database.now();
    }

    @AfterAll
    void closeDatabase() {
        database.close();
    }

    @BeforeEach
    void beginAnew() throws SQLException {
        database.empty();
    }

    private JobId accepted(int tenant) throws SQLException {
        NewJob job = Draft.at(now).tenant(tenant).job();
        store.accept(List.of(job));
        return job.id();
    }

    private List<Long> rows() throws SQLException {
        return database.all("SELECT outbox_id FROM outbox ORDER BY outbox_id", row -> row.getLong(1));
    }

    @Test
    void aChangeIsToldWithWhatItsReadersNeed() throws SQLException {
        NewJob later =
                Draft.at(now).tenant(3).runAt(now.plus(Duration.ofHours(1))).job();
        store.accept(List.of(later));

        assertThat(outbox.read(rows())).singleElement().satisfies(event -> {
            assertThat(event.job()).isEqualTo(later.id());
            assertThat(event.tenant()).isEqualTo("tenant-3");
            assertThat(event.type()).isEqualTo("job.waiting");
            assertThat(event.reason()).isEqualTo("scheduled");
            assertThat(event.epoch()).isZero();
            assertThat(event.attempt()).isZero();
            assertThat(event.lane()).isEqualTo(Lane.STANDARD);
            assertThat(event.at()).isBetween(now, database.now());
        });
        assertThat(database.told()).extracting(JobEvent::job).containsExactly(later.id());
    }

    @Test
    void whatIsNotForgottenStays() throws SQLException {
        JobId first = accepted(1);
        JobId second = accepted(2);
        List<Long> rows = rows();

        outbox.forget(rows.subList(0, 1));

        assertThat(outbox.read(rows)).extracting(JobEvent::job).containsExactly(second);
        assertThat(first).isNotEqualTo(second);
        outbox.forget(rows);
        assertThat(outbox.read(rows)).isEmpty();
    }

    @Test
    void onlyWhatHasLainForLongIsOld() throws SQLException {
        accepted(1);
        accepted(2);
        List<Long> rows = rows();
        database.execute("UPDATE outbox SET at = now() - interval '1 minute' WHERE outbox_id = ?", rows.getFirst());

        assertThat(outbox.old(Duration.ofSeconds(30), 10)).containsExactly(rows.getFirst());
        assertThat(outbox.old(Duration.ofHours(1), 10)).isEmpty();
        assertThat(outbox.old(Duration.ZERO, 1)).containsExactly(rows.getFirst());
    }

    @Test
    void aStatementThatChangesNothingPostsNothing() throws SQLException {
        store.claim(database.worker(), FreshDatabase.uuids(Draft.at(now).job().id()));
        store.wake(10);
        store.expire(10);

        assertThat(rows()).isEmpty();
        assertThat(database.told()).isEmpty();
    }

    @Test
    void aClaimIsNotKeptSinceItsLeaseIsWatched() throws SQLException {
        JobId job = accepted(1);
        database.told();
        outbox.forget(rows());
        int worker = database.worker();

        store.claim(worker, FreshDatabase.uuids(job));

        assertThat(rows()).isEmpty();
        assertThat(database.told()).extracting(JobEvent::status).containsExactly(JobStatus.PROCESSING);
        database.loseLease(worker);
        store.orphans(10);
        assertThat(database.told()).singleElement().satisfies(event -> {
            assertThat(event.job()).isEqualTo(job);
            assertThat(event.number()).isEqualTo(EventSequence.of(1, JobStatus.PROCESSING));
        });
    }

    @Test
    void aClaimWhoseAnswerWasLostIsToldWhenItIsFound() throws SQLException {
        JobId job = accepted(1);
        int worker = database.worker();
        new JobStore(database.source()).claim(worker, FreshDatabase.uuids(job));
        database.told();

        store.claimedBy(worker);

        assertThat(database.told())
                .extracting(JobEvent::number)
                .containsExactly(EventSequence.of(1, JobStatus.PROCESSING));
    }

    @Test
    void whatAClaimCameToIsReadWithTheClaim() throws SQLException {
        JobId job = accepted(1);
        outbox.forget(rows());
        // Whoever does this tells nothing of it.
        JobStore silent = new JobStore(database.source());
        ClaimedJob first =
                silent.claim(database.worker(), FreshDatabase.uuids(job)).getFirst();
        silent.settle(List.of(new Verdict(first, new HandBack("drain", false), null)), 0);

        assertThat(numbers()).containsExactly(of(1, JobStatus.PROCESSING), of(1, JobStatus.QUEUED));
        outbox.forget(rows());
        silent.feed(Lane.STANDARD, 10, 0);
        ClaimedJob second =
                silent.claim(database.worker(), FreshDatabase.uuids(job)).getFirst();
        silent.settle(List.of(new Verdict(second, new Bury(ErrorCode.DEADLINE_EXCEEDED, "too late", false), null)), 0);
        assertThat(numbers()).containsExactly(of(2, JobStatus.PROCESSING), of(2, JobStatus.FAILED));
        outbox.forget(rows());
        // The third epoch is the replay's; nobody claims the job.
        silent.replay(1, List.of(job.uuid()), "somebody");
        silent.cancel(1, job, "somebody");
        assertThat(numbers()).containsExactly(of(3, JobStatus.QUEUED), of(3, JobStatus.CANCELLED));
    }

    private static long of(int epoch, JobStatus status) {
        return EventSequence.of(epoch, status);
    }

    private List<Long> numbers() throws SQLException {
        return outbox.read(rows()).stream().map(JobEvent::number).toList();
    }

    @Test
    void aGroupIsOneRowAndAllOfItsChanges() throws SQLException {
        List<NewJob> jobs = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            jobs.add(Draft.at(now).tenant(1 + i % 3).job());
        }
        store.accept(jobs);

        assertThat(rows()).hasSize(1);
        assertThat(outbox.read(rows()))
                .extracting(JobEvent::job)
                .containsExactlyInAnyOrderElementsOf(
                        jobs.stream().map(NewJob::id).toList());
    }
}
