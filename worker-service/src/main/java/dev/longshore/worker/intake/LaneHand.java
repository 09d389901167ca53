package dev.longshore.worker.intake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The tickets of one lane that this worker holds in its hand: read, not yet claimed, not yet
/// acknowledged. The hand is small, so that tickets stay on the road, where another worker can have
/// them, until there is a slot for them here.
///
/// Guarded by the intake.
final class LaneHand {
    /// As long as the hand holds more than this, no further page is asked for. Enough to keep the next
    /// claim from waiting for the broker.
    private static final int ENOUGH = 100;

    private final Queue<Page> pages = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> waitingForRoom = new ArrayList<>();
    private int held;

    int held() {
        return held;
    }

    /// Takes a page up.
    ///
    /// @return completes when the hand wants another
    CompletionStage<Void> add(Page page) {
        pages.add(page);
        held += page.untouched();
        if (held <= ENOUGH) {
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<Void> room = new CompletableFuture<>();
        waitingForRoom.add(room);
        return room;
    }

    /// A ticket and the page that it came with.
    record Held(UUID jobId, Page page) {}

    /// Plays the oldest tickets.
    List<Held> take(int count) {
        List<Held> taken = new ArrayList<>(count);
        while (taken.size() < count) {
            Page page = pages.element();
            taken.add(new Held(page.next(), page));
            if (page.untouched() == 0) {
                pages.remove();
            }
        }
        held -= count;
        return taken;
    }

    /// Those who wait for the hand to want more, if it does.
    List<CompletableFuture<Void>> callers() {
        if (held > ENOUGH || waitingForRoom.isEmpty()) {
            return List.of();
        }
        List<CompletableFuture<Void>> callers = List.copyOf(waitingForRoom);
        waitingForRoom.clear();
        return callers;
    }
}
