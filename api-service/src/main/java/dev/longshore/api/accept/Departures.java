package dev.longshore.api.accept;

import dev.longshore.job.GroupPace;
import dev.longshore.lane.Lane;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/// Lets the tickets of accepted jobs go, on a thread of its own, so that no caller waits for a broker. Under
/// heavy load those of several groups go together.
///
/// Its queue needs no bound of its own: each ticket in it has a place in a lane's window.
///
/// Safe for use by many threads.
final class Departures implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Departures.class);

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
        GroupPace pace = new GroupPace(System::nanoTime);
        try {
            while (gathered.isEmpty() || gathered.getLast() != LAST) {
                gathered.clear();
                pace.await();
                gathered.add(queue.take());
                queue.drainTo(gathered);
                pace.begin(gathered.stream()
                        .mapToInt(tickets -> tickets.jobs().size())
                        .sum());
                depart(gathered);
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
