package dev.longshore.rig.chaos;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/// What somebody is working on, so that nobody else lays hands on it.
///
/// Safe for use by many threads.
final class Hands {
    private final Set<String> busy = new HashSet<>();

    /// Returns when all of it is free, and then it is the caller's.
    synchronized void take(Set<String> things) throws InterruptedException {
        while (!Collections.disjoint(busy, things)) {
            wait();
        }
        busy.addAll(things);
    }

    /// @return whether all of it was free and now is the caller's
    synchronized boolean tryTake(Set<String> things) {
        if (!Collections.disjoint(busy, things)) {
            return false;
        }
        busy.addAll(things);
        return true;
    }

    synchronized void giveBack(Set<String> things) {
        busy.removeAll(things);
        notifyAll();
    }
}
