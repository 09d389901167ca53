package dev.longshore.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Draft;
import dev.longshore.job.FreshDatabase;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.lane.Lane;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What happened is told, whoever fails to tell it first.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutboxTest {
    private static final int MANY = 1_000;

    private final AtomicInteger poked = new AtomicInteger();
    private FreshDatabase database;
    private JobStore store;
    private Outbox outbox;
    private Instant now;

    @BeforeAll
    void makeDatabase() throws SQLException {
        database = FreshDatabase.make();
        store = new JobStore(database.source(), poked::incrementAndGet);
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
        poked.set(0);
    }

    private JobId accepted(int tenant) throws SQLException {
        NewJob job = Draft.at(now).tenant(tenant).job();
        store.accept(List.of(job));
        return job.id();
    }

    @Test
    void aChangeIsToldWithWhatItsReadersNeed() throws Exception {
        NewJob later =
                Draft.at(now).tenant(3).runAt(now.plus(Duration.ofHours(1))).job();
        store.accept(List.of(later));

        assertThat(database.posted()).singleElement().satisfies(event -> {
            assertThat(event.job()).isEqualTo(later.id());
            assertThat(event.tenant()).isEqualTo("tenant-3");
            assertThat(event.type()).isEqualTo("job.waiting");
            assertThat(event.reason()).isEqualTo("scheduled");
            assertThat(event.epoch()).isZero();
            assertThat(event.attempt()).isZero();
            assertThat(event.lane()).isEqualTo(Lane.STANDARD);
            assertThat(event.at()).isBetween(now, database.now());
        });
        assertThat(poked).hasValue(1);
    }

    @Test
    void whatTheListenerRefusesIsToldAgain() throws Exception {
        JobId job = accepted(1);

        assertThat(outbox.handOn(MANY, _ -> false).refused()).isTrue();
        assertThatThrownBy(() -> outbox.handOn(MANY, _ -> {
                    throw new IllegalStateException("broken");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(database.posted()).extracting(JobEvent::job).containsExactly(job);
        assertThat(database.posted()).isEmpty();
    }

    @Test
    void theOldestAreToldFirstAndNoMoreThanAsked() throws Exception {
        JobId first = accepted(1);
        JobId second = accepted(2);
        JobId third = accepted(1);
        List<JobId> told = new ArrayList<>();

        Outbox.HandedOn handed = outbox.handOn(
                2, events -> told.addAll(events.stream().map(JobEvent::job).toList()));

        assertThat(handed).isEqualTo(new Outbox.HandedOn(2, 2, false));
        assertThat(told).containsExactly(first, second);
        assertThat(database.posted()).extracting(JobEvent::job).containsExactly(third);
    }

    @Test
    void whatOneHasInHandNobodyElseTells() throws Exception {
        JobId held = accepted(1);
        CountDownLatch inHand = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var slow = threads.submit(() -> outbox.handOn(MANY, _ -> {
                inHand.countDown();
                letGo.await();
                return true;
            }));
            inHand.await();
            JobId other = accepted(1);

            assertThat(database.posted()).extracting(JobEvent::job).containsExactly(other);

            letGo.countDown();
            assertThat(slow.get().changes()).isEqualTo(1);
        }
        assertThat(database.posted()).isEmpty();
        assertThat(held).isNotNull();
    }

    @Test
    void aStatementThatChangesNothingPostsNothing() throws Exception {
        store.claim(database.worker(), FreshDatabase.uuids(Draft.at(now).job().id()));
        store.wake(10);
        store.expire(10);

        assertThat(database.posted()).isEmpty();
        assertThat(poked).hasValue(0);
    }

    @Test
    void aGroupIsOneRowAndAllOfItsChanges() throws Exception {
        List<NewJob> jobs = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            jobs.add(Draft.at(now).tenant(1 + i % 3).job());
        }
        store.accept(jobs);

        Outbox.HandedOn handed = outbox.handOn(MANY, events -> {
            assertThat(events)
                    .extracting(JobEvent::job)
                    .containsExactlyInAnyOrderElementsOf(
                            jobs.stream().map(NewJob::id).toList());
            assertThat(events).allSatisfy(event -> assertThat(event.status()).isEqualTo(JobStatus.QUEUED));
            return true;
        });
        assertThat(handed).isEqualTo(new Outbox.HandedOn(1, 500, false));
    }
}
