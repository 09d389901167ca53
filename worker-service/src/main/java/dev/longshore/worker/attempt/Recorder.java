package dev.longshore.worker.attempt;

import dev.longshore.attempt.ErrorCode;
import dev.longshore.job.GroupPace;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Settlement;
import dev.longshore.job.Verdict;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Writes verdicts down, in groups: whatever has gathered since the last transaction began goes into the next. A
/// database that is away does not lose them: the recording is tried again until it
/// succeeds or the process ends, and if it ends, the jobs are rescued.
public final class Recorder {
    private static final Logger LOG = Logger.getLogger(Recorder.class);

    /// Above this a statement's own time outgrows the commit that it saves.
    private static final int LARGEST_GROUP = 500;

    /// Large results fill a transaction before many of them do.
    private static final long LARGEST_GROUP_CHARS = 16L * 1024 * 1024;

    private record Entry(Verdict verdict, CompletableFuture<Void> recorded) {}

    private final JobStore store;
    private final Persistence persistence;
    private final AttemptMeter meter;
    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final List<Thread> settlers = new ArrayList<>();
    private volatile boolean closing;

    /// @param settlers how many transactions may be under way at once
    /// @param firstShard the settlers use this shard of each usage total and the ones above it
    public Recorder(JobStore store, Persistence persistence, AttemptMeter meter, int settlers, int firstShard) {
        this.store = store;
        this.persistence = persistence;
        this.meter = meter;
        for (int i = 0; i < settlers; i++) {
            int shard = firstShard + i;
            this.settlers.add(Thread.ofPlatform().name("settler-" + i).daemon().start(() -> settleUntilClosed(shard)));
        }
    }

    /// Queues a verdict. The queue needs no bound of its own: each entry keeps its slot until it is recorded.
    ///
    /// @return completes when the verdict is in the database or is known to be nobody's business any more
    public CompletionStage<Void> record(Verdict verdict) {
        CompletableFuture<Void> recorded = new CompletableFuture<>();
        queue.add(new Entry(verdict, recorded));
        return recorded;
    }

    /// Records what is queued, then stops.
    public void stop() throws InterruptedException {
        closing = true;
        for (Thread settler : settlers) {
            settler.join(TimeUnit.SECONDS.toMillis(10));
        }
    }

    private void settleUntilClosed(int shard) {
        GroupPace pace = new GroupPace(System::nanoTime);
        try {
            while (true) {
                pace.await();
                Entry first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    List<Entry> group = groupFrom(first);
                    pace.begin(group.size());
                    settle(group, shard);
                } else if (closing) {
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Entry> groupFrom(Entry first) {
        List<Entry> group = new ArrayList<>();
        long chars = 0;
        Entry next = first;
        while (next != null) {
            group.add(next);
            chars += sizeOf(next.verdict());
            next = group.size() < LARGEST_GROUP && chars < LARGEST_GROUP_CHARS ? queue.poll() : null;
        }
        return group;
    }

    private static long sizeOf(Verdict verdict) {
        return verdict.settlement() instanceof Settlement.Complete(var answer)
                ? answer.result().length()
                : 0;
    }

    private void settle(List<Entry> group, int shard) throws InterruptedException {
        List<Verdict> verdicts = group.stream().map(Entry::verdict).toList();
        try {
            Set<JobId> applied = persistence.untilDone("settling", () -> store.settle(verdicts, shard));
            report(verdicts, applied);
        } catch (SQLException | RuntimeException e) {
            // Whatever it is: a settler that ended would leave every later verdict unrecorded.
            if (group.size() > 1) {
                // One of them cannot be stored as it is; the others must not suffer for it.
                for (Entry entry : group) {
                    settle(List.of(entry), shard);
                }
                return;
            }
            giveUpOn(verdicts.getFirst(), shard, e);
        }
        for (Entry entry : group) {
            entry.recorded().complete(null);
        }
    }

    private void giveUpOn(Verdict verdict, int shard, Exception cause) throws InterruptedException {
        LOG.errorf(
                cause,
                "a verdict cannot be stored and its job is buried instead; job=%s",
                verdict.job().id());
        Settlement buried =
                new Settlement.Bury(ErrorCode.INTERNAL, "The outcome of this job could not be stored.", false);
        try {
            persistence.untilDone(
                    "burying", () -> store.settle(List.of(new Verdict(verdict.job(), buried, null)), shard));
        } catch (SQLException | RuntimeException e) {
            LOG.errorf(
                    e,
                    "the job could not be buried either and stays with this worker; job=%s",
                    verdict.job().id());
        }
    }

    private void report(List<Verdict> verdicts, Set<JobId> applied) {
        meter.group(verdicts.size());
        int fenced = 0;
        for (Verdict verdict : verdicts) {
            if (applied.contains(verdict.job().id())) {
                meter.settled(verdict.settlement());
            } else {
                fenced++;
                LOG.infof(
                        "verdict dropped, the job has moved on; job=%s epoch=%d",
                        verdict.job().id(), verdict.job().epoch());
            }
        }
        if (fenced > 0) {
            meter.refusedByFence(fenced);
        }
    }
}
