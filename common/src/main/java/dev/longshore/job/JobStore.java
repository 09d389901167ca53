package dev.longshore.job;

import dev.longshore.job.NewJob.IdempotencyGuard;
import dev.longshore.lane.Lane;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/// The only door through which a job's state changes. Every change is one statement on rows guarded by
/// state or epoch: it reports what took effect, and finding nothing to change is an answer, not a failure.
/// An [SQLException] means that it is not known whether the change took effect; every method may then be
/// called again with the same arguments.
///
/// Safe for use by many threads.
public final class JobStore {
    private final Accepting accepting;
    private final Claiming claiming;
    private final Progressing progressing;
    private final Settling settling;
    private final Forsaking forsaking;
    private final Feeding feeding;
    private final Waking waking;
    private final Ordering ordering;

    /// @param database hands out connections in auto-commit mode
    public JobStore(DataSource database) {
        this(database, ChangeListener.NONE);
    }

    /// @param database hands out connections in auto-commit mode
    /// @param listener hears of every change of status that this store has made
    public JobStore(DataSource database, ChangeListener listener) {
        accepting = new Accepting(database, listener);
        claiming = new Claiming(database, listener);
        progressing = new Progressing(database);
        settling = new Settling(database, listener);
        forsaking = new Forsaking(database);
        feeding = new Feeding(database);
        waking = new Waking(database, listener);
        ordering = new Ordering(database, listener);
    }

    /// One worker's hold on one job.
    public record Claim(JobId job, int epoch) {}

    /// A job that the feeder has put on the road and whose ticket must now be sent.
    public record Fed(UUID jobId, int tenantId) {}

    /// What a cancel met. Closed by being an enum: the caller answers each differently.
    public enum CancelAnswer {
        /// The job was not running and is cancelled.
        ENDED,
        /// The job is running; its worker will stop the call, and whatever comes of the call, the job ends
        /// cancelled.
        STOPPING,
        /// There is no such open job of this tenant.
        NOT_OPEN
    }

    /// Accepts a group of jobs; after the return they are safe.
    ///
    /// @return one answer a job, in the order of `jobs`
    public List<Accepted> accept(List<NewJob> jobs) throws SQLException {
        return accepting.accept(jobs);
    }

    /// What a key made before, for a request that is not to be accepted: [Accepted.Replayed] where that was the same
    /// request, [Accepted.KeyReused] where it was another.
    ///
    /// @return empty when the key is free
    public Optional<Accepted> known(int tenantId, IdempotencyGuard guard) throws SQLException {
        return accepting.known(tenantId, guard);
    }

    /// Claims those of the jobs that are still to be had. Tickets for others are stale or double and may be
    /// forgotten. After an [SQLException] the jobs may be this worker's without its knowing: [#claimedBy] tells.
    public List<ClaimedJob> claim(int workerId, List<UUID> jobIds) throws SQLException {
        return claiming.claim(workerId, jobIds);
    }

    /// Every job that this worker holds, whether it knows it or not. What it does not know of it must run or
    /// hand back: while its lease lives nobody else will touch it.
    public List<ClaimedJob> claimedBy(int workerId) throws SQLException {
        return claiming.claimedBy(workerId);
    }

    /// Running jobs whose worker's lease has run out.
    public List<ClaimedJob> orphans(int limit) throws SQLException {
        return claiming.orphans(limit);
    }

    /// Writes down how far running jobs are, one step a job at most. Webhooks hear of it. The listener does not:
    /// no status changes.
    ///
    /// @return the jobs whose step took effect; the others are somebody else's by now, or over
    public Set<JobId> progress(List<ProgressStep> steps) throws SQLException {
        return progressing.write(steps);
    }

    /// Records what became of claims, with everything that follows from it: outcome, attempt, usage, note.
    ///
    /// @param shard which row of each usage total to add to; settlers that work at the same time should use
    ///     different ones
    /// @return the jobs whose verdict took effect; the others are somebody else's by now, or have been
    ///     recorded before
    public Set<JobId> settle(List<Verdict> verdicts, int shard) throws SQLException {
        return settling.settle(verdicts, shard);
    }

    /// Puts a call on record that nobody waits for any more.
    ///
    /// @param shard as with [#settle]
    /// @return false when its claim still has the job, or the call is on record already
    public boolean book(ForsakenCall call, int shard) throws SQLException {
        return forsaking.book(call, shard);
    }

    /// Takes jobs off the backlog, tenants in turn, each tenant's jobs by rank.
    ///
    /// @param room how many at most
    /// @param afterTenant the tenant that the last feeding of this lane ended with, 0 for none
    /// @return the jobs in the order in which their tickets should be sent
    public List<Fed> feed(Lane lane, int room, int afterTenant) throws SQLException {
        return feeding.feed(lane, room, afterTenant);
    }

    /// Puts jobs whose tickets could not be sent back into the backlog.
    public int undispatch(Collection<UUID> jobIds) throws SQLException {
        return feeding.undispatch(jobIds);
    }

    /// Puts jobs back into the backlog that have been on the road for longer than `age` without being
    /// claimed. Only right to call when the lane has been read past that point, so that their tickets are
    /// known to be lost.
    ///
    /// @return how many
    public int reissue(Lane lane, Duration age) throws SQLException {
        return feeding.reissue(lane, age);
    }

    /// How many jobs of a lane wait in the backlog.
    ///
    /// @param limit counting stops here
    public long backlog(Lane lane, long limit) throws SQLException {
        return feeding.backlog(lane, limit);
    }

    /// Queues jobs whose wait is over.
    ///
    /// @return how many, at most `limit`
    public int wake(int limit) throws SQLException {
        return waking.wake(limit);
    }

    /// Queues jobs that a provider's limits or breaker held back, before their time, since it allows more now.
    ///
    /// @param model which model they are to be asked of
    /// @return how many, at most `limit`
    public int wakeHeld(String model, int limit) throws SQLException {
        return waking.wakeHeld(model, limit);
    }

    /// Fails jobs that are past their deadline and not running.
    ///
    /// @return how many, at most `limit`
    public int expire(int limit) throws SQLException {
        return waking.expire(limit);
    }

    /// Cancels a job, or asks its worker to.
    ///
    /// @param who for the timeline
    public CancelAnswer cancel(int tenantId, JobId job, String who) throws SQLException {
        return ordering.cancel(tenantId, job.uuid(), who);
    }

    /// The claims of a worker that somebody wants stopped.
    public Set<Claim> toBeCancelled(int workerId) throws SQLException {
        return ordering.toBeCancelled(workerId);
    }

    /// Runs failed jobs again: same ids, fresh attempts, a new deadline of the same length. They go through
    /// the backlog.
    ///
    /// @return the jobs that were failed and now are queued
    public List<JobId> replay(int tenantId, Collection<UUID> jobIds, String who) throws SQLException {
        return ordering.replay(tenantId, jobIds, who);
    }

    /// Takes failed jobs off the list of dead letters for good.
    ///
    /// @return the jobs that were dead letters until now
    public List<JobId> discard(int tenantId, Collection<UUID> jobIds, String who) throws SQLException {
        return ordering.discard(tenantId, jobIds, who);
    }
}
