package dev.longshore.worker.delivery;

import dev.longshore.worker.delivery.Claims.Share;
import dev.longshore.worker.delivery.DueReceivers.DueReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The places for calls in this worker: who has them, and who may have more.
///
/// Receivers share them alike, as if there were some more of them than there are: so one that comes new finds room,
/// however long the others hang. What is left at the end is for receivers that are well.
final class Places {
    /// How many receivers, not yet seen, places are kept for.
    private static final int NEWCOMERS = 7;

    /// The part of all places that those in trouble must leave: one in so many.
    private static final int RESERVE = 10;

    private final int all;
    private final Semaphore free;
    private final ConcurrentHashMap<UUID, Integer> taken = new ConcurrentHashMap<>();

    Places(int all) {
        this.all = all;
        free = new Semaphore(all);
    }

    int free() {
        return free.availablePermits();
    }

    int taken() {
        return all - free();
    }

    int taken(UUID receiver) {
        return taken.getOrDefault(receiver, 0);
    }

    /// For the one thread that claims, which knows that there is a place.
    void take(UUID receiver) {
        free.acquireUninterruptibly();
        taken.merge(receiver, 1, Integer::sum);
    }

    void release(UUID receiver) {
        taken.computeIfPresent(receiver, (_, count) -> count == 1 ? null : count - 1);
        free.release();
    }

    /// Waits until nobody has a place.
    ///
    /// @return false when somebody still has one
    boolean awaitEmpty(Duration patience) throws InterruptedException {
        boolean empty = free.tryAcquire(all, patience.toMillis(), TimeUnit.MILLISECONDS);
        if (empty) {
            free.release(all);
        }
        return empty;
    }

    /// What each of the receivers may have under way, those that it has included.
    List<Share> shares(List<DueReceiver> receivers) {
        int room = free();
        int theirs = 0;
        for (DueReceiver receiver : receivers) {
            theirs += taken(receiver.id());
        }
        int each = Math.max(1, (room + theirs) / (receivers.size() + NEWCOMERS));
        List<Share> shares = new ArrayList<>();
        for (DueReceiver receiver : receivers) {
            if (receiver.failures() == 0 || room > all / RESERVE) {
                shares.add(new Share(receiver.id(), Math.min(each, ReceiverHealth.atOnce(receiver.failures()))));
            }
        }
        return shares;
    }
}
