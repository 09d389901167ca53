package dev.longshore.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Draft;
import dev.longshore.job.FreshDatabase;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeasesTest {
    private static final Duration LENGTH = Duration.ofSeconds(20);

    private FreshDatabase database;
    private WorkerLease workers;

    @BeforeAll
    void makeDatabase() throws SQLException {
        database = FreshDatabase.make();
        workers = new WorkerLease(database.source(), LENGTH);
    }

    @AfterAll
    void closeDatabase() {
        database.close();
    }

    @Test
    void everyWorkerHasANumberOfItsOwn() throws SQLException {
        int first = workers.join("one", 8);
        workers.leave(first);
        int second = workers.join("one", 8);

        assertThat(second).isGreaterThan(first);
    }

    @Test
    void aLeaseIsRenewedOnTheClockOfTheDatabase() throws SQLException {
        int worker = workers.join("two", 8);
        database.execute("UPDATE worker SET lease_until = now() + interval '1 s' WHERE worker_id = ?", worker);
        Instant before = database.now();

        Instant renewed = Objects.requireNonNull(workers.renew(worker, true));

        assertThat(renewed).isAfterOrEqualTo(before);
        assertThat(database.<Instant>only(
                        "SELECT lease_until FROM worker WHERE worker_id = ? AND draining",
                        row -> row.getTimestamp(1).toInstant(),
                        worker))
                .isEqualTo(renewed.plus(LENGTH));
    }

    @Test
    void aLeaseThatHasRunOutIsNeverRenewed() throws SQLException {
        int worker = workers.join("three", 8);
        database.loseLease(worker);

        assertThat(workers.renew(worker, false)).isNull();
        assertThat(workers.renew(worker, false)).isNull();
    }

    @Test
    void aWorkerThatLeavesHasNoLeaseAndLeavingTwiceIsFine() throws SQLException {
        int worker = workers.join("four", 8);
        workers.leave(worker);
        workers.leave(worker);

        assertThat(workers.renew(worker, false)).isNull();
    }

    @Test
    void whatALeavingWorkerHeldCanBeRescuedAtOnce() throws SQLException {
        int worker = workers.join("five", 8);
        JobStore store = database.store();
        NewJob job = Draft.at(database.now()).job();
        store.accept(List.of(job));
        assertThat(store.claim(worker, List.of(job.id().uuid()))).hasSize(1);
        assertThat(store.orphans(10)).isEmpty();

        workers.leave(worker);

        assertThat(store.orphans(10))
                .singleElement()
                .satisfies(orphan -> assertThat(orphan.id()).isEqualTo(job.id()));
    }

    @Test
    void aChoreHasOneHolder() throws SQLException {
        ChoreLease one = new ChoreLease(database.source(), "one");
        ChoreLease two = new ChoreLease(database.source(), "two");

        assertThat(one.hold("feed", LENGTH)).isTrue();
        assertThat(two.hold("feed", LENGTH)).isFalse();
        assertThat(one.hold("feed", LENGTH)).isTrue();
        assertThat(two.hold("wake", LENGTH)).isTrue();
    }

    @Test
    void aChoreWhoseHolderIsGoneIsTakenOver() throws SQLException {
        ChoreLease one = new ChoreLease(database.source(), "one");
        ChoreLease two = new ChoreLease(database.source(), "two");
        one.hold("sweep", LENGTH);
        database.execute("UPDATE chore SET lease_until = now() - interval '1 s' WHERE name = 'sweep'");

        assertThat(two.hold("sweep", LENGTH)).isTrue();
        assertThat(one.hold("sweep", LENGTH)).isFalse();
    }

    @Test
    void ofManyWhoReachForAChoreOneGetsIt() throws Exception {
        List<Future<Boolean>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                ChoreLease lease = new ChoreLease(database.source(), "racer " + i);
                answers.add(threads.submit(() -> lease.hold("race", LENGTH)));
            }
        }
        int held = 0;
        for (Future<Boolean> answer : answers) {
            held += answer.get() ? 1 : 0;
        }
        assertThat(held).isEqualTo(1);
    }
}
