package dev.longshore.api.accept;

import dev.longshore.lane.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/// Lets the tickets of accepted jobs go, on a thread of its own, so that no caller waits for a broker. Those
/// that come in soon after a departure wait for the next, because what tickets cost the broker and the worker is
/// counted in departures; under light load each goes at once.
///
/// Its queue needs no bound of its own: each ticket in it has a place in a lane's window.
///
/// Safe for use by many threads.
final class Departures implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Departures.class);

    /// From one departure to the next at least. A group of jobs takes about as long to commit.
    private static final Duration APART = Duration.ofMillis(5);

    private static final Tickets LAST = new Tickets(Lane.STANDARD, List.of());

    private record Tickets(Lane lane, List<UUID> jobs) {}

    private final BiConsumer<Lane, List<UUID>> send;
    private final BlockingQueue<Tickets> queue = new LinkedBlockingQueue<>();
    private final Thread thread;

    /// @param send sends tickets; may block
    Departures(BiConsumer<Lane, List<UUID>> send) {
        this.send = send;
        thread = Thread.ofPlatform().name("departures").start(this::untilLast);
    }

    /// Takes tickets that may go.
    void add(Lane lane, List<UUID> jobs) {
        queue.add(new Tickets(lane, jobs));
    }

    /// Returns when all have gone. Nothing may be added any more.
    @Override
    public void close() {
        queue.add(LAST);
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void untilLast() {
        List<Tickets> gathered = new ArrayList<>();
        try {
            while (gathered.isEmpty() || gathered.getLast() != LAST) {
                gathered.clear();
                gathered.add(queue.take());
                queue.drainTo(gathered);
                long gone = System.nanoTime();
                depart(gathered);
                TimeUnit.NANOSECONDS.sleep(gone + APART.toNanos() - System.nanoTime());
            }
        } catch (InterruptedException _) {
            // Nobody interrupts it but the JVM's end.
            Thread.currentThread().interrupt();
        }
    }

    private void depart(List<Tickets> gathered) {
        Map<Lane, List<UUID>> lanes = new EnumMap<>(Lane.class);
        gathered.forEach(tickets -> {
            if (tickets != LAST) {
                lanes.computeIfAbsent(tickets.lane(), _ -> new ArrayList<>()).addAll(tickets.jobs());
            }
        });
        lanes.forEach((lane, jobs) -> {
            try {
                send.accept(lane, jobs);
            } catch (RuntimeException e) {
                LOG.errorf(
                        e,
                        "Tickets could not be sent; the feeder finds their jobs. lane=%s jobs=%d",
                        lane.word(),
                        jobs.size());
            }
        });
    }
}
