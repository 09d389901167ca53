package dev.longshore.rig.chaos;

import dev.longshore.rig.proof.Violation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Goes round while a run is on: looks at what must hold at every instant, and starts services again
/// that ended without our doing, as whoever runs them would.
final class Patrol implements AutoCloseable {
    private static final long ROUND_MS = 2_000;
    private static final int MOST_KEPT = 50;

    private final Bookkeeper books;
    private final Fleet fleet;
    private final Hands hands;
    private final Consumer<String> say;
    private final List<Violation> seen = new ArrayList<>();
    private final Thread thread;
    private volatile boolean over;
    private int rounds;

    Patrol(Bookkeeper books, Fleet fleet, Hands hands, Consumer<String> say) {
        this.books = books;
        this.fleet = fleet;
        this.hands = hands;
        this.say = say;
        thread = Thread.ofPlatform().name("patrol").daemon().start(this::goRound);
    }

    /// What was found.
    synchronized List<Violation> seen() {
        return List.copyOf(seen);
    }

    /// How often the database could be looked at.
    synchronized int rounds() {
        return rounds;
    }

    private void goRound() {
        while (!over) {
            look();
            for (String name : fleet.names()) {
                tend(name);
            }
            Pause.millis(ROUND_MS);
        }
    }

    private void look() {
        try {
            List<Violation> now = books.contradictions();
            synchronized (this) {
                rounds++;
                for (Violation violation : now) {
                    if (seen.size() < MOST_KEPT && !seen.contains(violation)) {
                        seen.add(violation);
                        say.accept("          seen: " + violation.check() + " " + violation.what());
                    }
                }
            }
        } catch (SQLException _) {
            // The database is away, which somebody has seen to.
        }
    }

    private void tend(String name) {
        Set<String> need = Set.of(name);
        if (!hands.tryTake(need)) {
            return;
        }
        try {
            if (fleet.endedByItself(name)) {
                say.accept("          " + name + " has ended by itself and is started again");
                fleet.raise(name);
            }
        } catch (IllegalStateException e) {
            say.accept("          " + e.getMessage());
        } finally {
            hands.giveBack(need);
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
