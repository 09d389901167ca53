package dev.longshore.worker.intake;

import dev.longshore.job.ClaimedJob;
import dev.longshore.job.GroupPace;
import dev.longshore.job.JobStore;
import dev.longshore.lane.Lane;
import dev.longshore.worker.attempt.Attempts;
import dev.longshore.worker.attempt.Persistence;
import dev.longshore.worker.intake.LaneHand.Held;
import dev.longshore.worker.slots.RunningAttempts;
import dev.longshore.worker.slots.Slots;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// Trades the tickets in hand for claims as slots get free, one claim a page, and starts an attempt for
/// each job that was still to be had.
public final class Intake {
    private static final Logger LOG = Logger.getLogger(Intake.class);

    /// Above this a claim's own time outgrows the round trip that it saves.
    private static final int LARGEST_CLAIM = 500;

    private final JobStore store;
    private final Persistence persistence;
    private final Slots slots;
    private final Attempts attempts;
    private final IntSupplier workerId;
    private final ThreadFactory attemptThreads;
    private final ClaimsInDoubt doubts;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Lane, LaneHand> hands = new EnumMap<>(Lane.class);
    private boolean open = true;
    private final Thread claimer;

    /// @param workerId this worker's number now; it changes when a lease was lost
    /// @param attemptThreads a new virtual thread for each attempt
    public Intake(
            JobStore store,
            Persistence persistence,
            Slots slots,
            Attempts attempts,
            RunningAttempts running,
            IntSupplier workerId,
            ThreadFactory attemptThreads) {
        this.store = store;
        this.persistence = persistence;
        this.slots = slots;
        this.attempts = attempts;
        this.workerId = workerId;
        this.attemptThreads = attemptThreads;
        doubts = new ClaimsInDoubt(store, running);
        for (Lane lane : Lane.values()) {
            hands.put(lane, new LaneHand());
        }
        claimer = Thread.ofPlatform().name("claimer").daemon().start(this::claimUntilClosed);
    }

    /// Takes up tickets that came off a lane.
    ///
    /// @param acknowledge called once all of them have been dealt with
    /// @return completes when more are wanted
    public CompletionStage<Void> take(Lane lane, List<UUID> jobIds, Runnable acknowledge) {
        if (jobIds.isEmpty()) {
            acknowledge.run();
            return CompletableFuture.completedStage(null);
        }
        lock.lock();
        try {
            if (!open) {
                // Unacknowledged, they will be read again by whoever gets the partition next.
                return new CompletableFuture<>();
            }
            CompletionStage<Void> wanted = hand(lane).add(new Page(lane, jobIds, acknowledge));
            changed.signalAll();
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    /// Stops claiming; a claim under way is finished. What is still in hand stays on the road.
    public void stop() throws InterruptedException {
        lock.lock();
        try {
            open = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        claimer.join(TimeUnit.SECONDS.toMillis(10));
    }

    /// Tickets in hand.
    public int held(Lane lane) {
        lock.lock();
        try {
            return hand(lane).held();
        } finally {
            lock.unlock();
        }
    }

    private LaneHand hand(Lane lane) {
        return Objects.requireNonNull(hands.get(lane));
    }

    private void claimUntilClosed() {
        GroupPace pace = new GroupPace(System::nanoTime);
        try {
            while (isOpen()) {
                pace.await();
                List<Held> page = nextPage();
                if (page.isEmpty()) {
                    clearDoubts();
                } else {
                    pace.begin(page.size());
                    claim(page);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOpen() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there are tickets and slots for them.
    ///
    /// @return empty at the end, and when it is time to look after doubtful claims
    private List<Held> nextPage() throws InterruptedException {
        List<Held> page = new ArrayList<>();
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        lock.lock();
        try {
            long patience = doubts.untilNextLook(System.nanoTime());
            while (open && page.isEmpty() && patience > 0) {
                Map<Lane, Integer> wanted = new EnumMap<>(Lane.class);
                hands.forEach((lane, hand) -> wanted.put(lane, hand.held()));
                slots.take(wanted, LARGEST_CLAIM)
                        .forEach((lane, count) -> page.addAll(hand(lane).take(count)));
                if (page.isEmpty()) {
                    patience = changed.awaitNanos(patience);
                }
            }
            hands.values().forEach(hand -> callers.addAll(hand.callers()));
        } finally {
            lock.unlock();
        }
        callers.forEach(caller -> caller.complete(null));
        return page;
    }

    private void claim(List<Held> page) throws InterruptedException {
        List<UUID> ids = page.stream().map(Held::jobId).distinct().toList();
        List<ClaimedJob> claimed;
        try {
            claimed = persistence.untilDone("claiming", () -> claimOnce(ids));
        } catch (SQLException | RuntimeException e) {
            // The jobs stay queued; once the lane has been read past them, the feeder sends their
            // tickets again.
            LOG.error("a page of tickets could not be claimed and is left to the feeder", e);
            claimed = List.of();
        }
        Map<Lane, Integer> unused = new EnumMap<>(Lane.class);
        countByLane(page, unused);
        for (ClaimedJob job : claimed) {
            unused.merge(job.lane(), -1, Integer::sum);
            start(job);
        }
        unused.forEach(this::free);
        page.forEach(held -> held.page().dealtWith());
    }

    private List<ClaimedJob> claimOnce(List<UUID> ids) throws SQLException {
        List<ClaimedJob> claimed = new ArrayList<>(runOrHandBack(Set.copyOf(ids)));
        try {
            claimed.addAll(store.claim(workerId.getAsInt(), ids));
            return claimed;
        } catch (SQLException | RuntimeException e) {
            doubts.arose(System.nanoTime());
            throw e;
        }
    }

    private void clearDoubts() throws InterruptedException {
        try {
            persistence.untilDone("looking for claims in doubt", () -> runOrHandBack(Set.of()));
        } catch (SQLException | RuntimeException e) {
            LOG.error("claims in doubt cannot be looked for; if there are any, they end with this worker's lease", e);
            doubts.forget();
        }
    }

    /// Looks after claims in doubt, if it is time to.
    ///
    /// @param slotted the jobs that slots have been taken for
    /// @return those of them that turned out to be this worker's already; the others are handed back
    private List<ClaimedJob> runOrHandBack(Set<UUID> slotted) throws SQLException {
        List<ClaimedJob> mine = new ArrayList<>();
        for (ClaimedJob job : doubts.lookIfDue(workerId.getAsInt(), System.nanoTime())) {
            if (slotted.contains(job.id().uuid())) {
                mine.add(job);
            } else {
                attempts.handBack(job);
            }
        }
        return mine;
    }

    private static void countByLane(List<Held> page, Map<Lane, Integer> count) {
        page.forEach(held -> count.merge(held.page().lane(), 1, Integer::sum));
    }

    private void start(ClaimedJob job) {
        Supplier<CompletionStage<Void>> attempt = attempts.enter(job);
        attemptThreads
                .newThread(() -> attempt.get().whenComplete((_, failure) -> {
                    if (failure != null) {
                        LOG.errorf(failure, "an attempt ended without a record; job=%s", job.id());
                    }
                    free(job.lane(), 1);
                }))
                .start();
    }

    private void free(Lane lane, int count) {
        if (count == 0) {
            return;
        }
        slots.giveBack(lane, count);
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
