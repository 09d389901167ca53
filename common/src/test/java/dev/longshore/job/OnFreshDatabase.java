package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.lane.Lane;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/// A test class with a database of its own, emptied before each test, and one living worker.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnFreshDatabase {
    FreshDatabase database;
    JobStore store;
    int worker;
    Instant now;

    @BeforeAll
    void makeDatabase() throws SQLException {
        database = FreshDatabase.make();
        store = database.store();
        worker = database.worker();
    }

    @AfterAll
    void closeDatabase() {
        database.close();
    }

    @BeforeEach
    void beginAnew() throws SQLException {
        database.empty();
        now = database.now();
    }

    JobId accept(Draft draft) throws SQLException {
        NewJob job = draft.job();
        assertThat(store.accept(List.of(job))).singleElement().isInstanceOf(Accepted.Fresh.class);
        return job.id();
    }

    ClaimedJob claim(int by, JobId job) throws SQLException {
        List<ClaimedJob> claimed = store.claim(by, FreshDatabase.uuids(job));
        assertThat(claimed).hasSize(1);
        return claimed.getFirst();
    }

    /// A job in this worker's hands.
    ClaimedJob claimed(Draft draft) throws SQLException {
        return claim(worker, accept(draft));
    }

    /// Puts the whole backlog on the road.
    void feedAll() throws SQLException {
        for (Lane lane : Lane.values()) {
            store.feed(lane, 1_000, 0);
        }
    }

    boolean settle(Verdict verdict) throws SQLException {
        return store.settle(List.of(verdict), 0).contains(verdict.job().id());
    }

    FreshDatabase.Run run(JobId job) throws SQLException {
        return Objects.requireNonNull(database.run(job), "the job is going on");
    }

    FreshDatabase.End end(JobId job) throws SQLException {
        return Objects.requireNonNull(database.end(job), "the job is over");
    }

    JobStatus status(JobId job) throws SQLException {
        return database.status(job);
    }

    long attempts(JobId job) throws SQLException {
        return database.count("SELECT count(*) FROM attempt WHERE job_id = ?", job.uuid());
    }

    static List<UUID> uuids(JobId... jobs) {
        return FreshDatabase.uuids(jobs);
    }
}
