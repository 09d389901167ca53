package dev.longshore.api;

import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.attempt.Usage;
import dev.longshore.job.ChangeListener;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.ProgressStep;
import dev.longshore.job.Settlement;
import dev.longshore.job.Verdict;
import dev.longshore.job.WaitReason;
import dev.longshore.lease.WorkerLease;
import dev.longshore.money.Usd;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/// Does to jobs what a worker does, by the same door.
public final class FakeWorker {
    static final String RESULT =
            "{\"id\":\"c1\",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"hi\"}}]}";

    private final DataSource database;
    private final JobStore store;
    private final int worker;

    public FakeWorker(DataSource database) throws SQLException {
        this(database, ChangeListener.NONE);
    }

    /// @param listener hears of each change of a status, as a worker's relay does
    public FakeWorker(DataSource database, ChangeListener listener) throws SQLException {
        this.database = database;
        store = new JobStore(database, listener);
        worker = new WorkerLease(database, Duration.ofMinutes(10)).join("test", 10);
    }

    ClaimedJob claim(String jobId) throws SQLException {
        UUID id = JobId.parse(jobId).orElseThrow().uuid();
        // Whether the job is in the backlog or on the road, it now is on the road.
        try (Connection connection = database.getConnection();
                var statement = connection.prepareStatement(
                        "UPDATE job_run SET dispatched_at = coalesce(dispatched_at, now()) WHERE job_id = ?")) {
            statement.setObject(1, id);
            statement.executeUpdate();
        }
        return store.claim(worker, List.of(id)).getFirst();
    }

    void complete(String jobId) throws SQLException {
        complete(claim(jobId));
    }

    void complete(ClaimedJob job) throws SQLException {
        Usage usage = new Usage(342, 10, 156);
        Reply reply = new Reply(200, "req-1", null, Duration.ofMillis(5));
        Answer answer = new Answer(RESULT, usage, "sim-small-2026", Duration.ofMillis(847), reply);
        settle(job, new Settlement.Complete(answer), new AttemptOutcome.Answered(answer), usage, new Usd(145_000));
    }

    public void fail(String jobId) throws SQLException {
        fail(claim(jobId), ErrorCode.PROVIDER_UNAVAILABLE);
    }

    void fail(ClaimedJob job, ErrorCode code) throws SQLException {
        var outcome =
                new AttemptOutcome.Broken(code, "The provider answered 503.", new Reply(503, "req-2", null, null));
        settle(job, new Settlement.Bury(code, "The provider answered 503.", false), outcome, Usage.NONE, Usd.ZERO);
    }

    void progress(ClaimedJob job, double share, String message) throws SQLException {
        store.progress(List.of(new ProgressStep(job.id(), job.epoch(), share, message)));
    }

    void backOff(String jobId) throws SQLException {
        backOff(claim(jobId));
    }

    void backOff(ClaimedJob job) throws SQLException {
        var outcome = new AttemptOutcome.Throttled(
                ErrorCode.PROVIDER_RATE_LIMITED, "slow down", new Reply(429, "req-3", Duration.ofSeconds(60), null));
        settle(
                job,
                new Settlement.Wait(WaitReason.RATE_LIMITED, Instant.now().plusSeconds(60), "slow down", false),
                outcome,
                Usage.NONE,
                Usd.ZERO);
    }

    void cancelled(ClaimedJob job) throws SQLException {
        store.settle(List.of(new Verdict(job, new Settlement.Cancel(), null)), 0);
    }

    private void settle(ClaimedJob job, Settlement settlement, AttemptOutcome outcome, Usage usage, Usd cost)
            throws SQLException {
        Instant now = Instant.now();
        var call = new Verdict.Call("simulator", "sim-small", job.claimedAt(), now, outcome, usage, cost, Usd.ZERO);
        if (store.settle(List.of(new Verdict(job, settlement, call)), 0).isEmpty()) {
            throw new AssertionError("the settlement did not take effect");
        }
    }
}
