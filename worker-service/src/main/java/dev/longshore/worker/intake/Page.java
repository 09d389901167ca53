package dev.longshore.worker.intake;

import dev.longshore.lane.Lane;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;

/// Tickets that came off a lane together. When the last of them has been dealt with, the lane is told
/// that it has been read up to here.
final class Page {
    private final Lane lane;
    private final Queue<UUID> untouched;
    private final Runnable whenDone;
    private int open;

    Page(Lane lane, List<UUID> jobIds, Runnable whenDone) {
        this.lane = lane;
        untouched = new ArrayDeque<>(jobIds);
        open = jobIds.size();
        this.whenDone = whenDone;
    }

    Lane lane() {
        return lane;
    }

    int untouched() {
        return untouched.size();
    }

    UUID next() {
        return untouched.remove();
    }

    /// One of the tickets has been traded for a claim, or found to be stale.
    void dealtWith() {
        if (--open == 0) {
            whenDone.run();
        }
    }
}
