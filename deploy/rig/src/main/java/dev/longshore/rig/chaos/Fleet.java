package dev.longshore.rig.chaos;

import dev.longshore.rig.Cluster;
import dev.longshore.rig.Service;
import dev.longshore.rig.proof.Stay;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// The APIs and workers of a system, with a register of their lives.
///
/// Each service is for one thread at a time; different ones may be for different threads.
final class Fleet {
    private static final Duration COMES_BACK_WITHIN = Duration.ofSeconds(150);
    private static final long LOOK_MS = 100;

    private final Map<String, Service> services = new TreeMap<>();
    private final Map<String, Long> since = new TreeMap<>();
    private final Set<String> working = new TreeSet<>();
    private final List<Stay> stays = new ArrayList<>();
    private final InstantSource clock;

    Fleet(Cluster cluster, InstantSource clock) {
        this.clock = clock;
        cluster.standing().forEach(service -> services.put(service.process().name(), service));
        services.keySet().forEach(name -> since.put(name, 0L));
        working.addAll(services.keySet());
    }

    List<String> names() {
        return List.copyOf(services.keySet());
    }

    Service service(String name) {
        return Objects.requireNonNull(services.get(name), name);
    }

    /// `kill -9`.
    void kill(String name) {
        if (endedByItself(name)) {
            return;
        }
        service(name).process().kill();
        ended(name, true, "killed");
    }

    /// `SIGTERM`, and waits for its end.
    void stop(String name) {
        if (endedByItself(name)) {
            return;
        }
        service(name).process().askToEnd();
        int status = service(name).process().awaitEnd();
        ended(name, true, "told to stop, status " + status);
    }

    void freeze(String name) {
        if (!endedByItself(name)) {
            service(name).process().freeze();
        }
    }

    void thaw(String name) {
        if (!endedByItself(name)) {
            service(name).process().thaw();
        }
    }

    /// Starts it if it is not there, and returns when it does its work. What ends before that is started
    /// again.
    void raise(String name) {
        Service service = service(name);
        long giveUp = System.nanoTime() + COMES_BACK_WITHIN.toNanos();
        while (System.nanoTime() < giveUp) {
            if (!service.process().isAlive()) {
                endedByItself(name);
                service.begin(Map.of());
                synchronized (this) {
                    since.put(name, clock.millis());
                }
            }
            if (service.process().isReady()) {
                synchronized (this) {
                    working.add(name);
                }
                return;
            }
            Pause.millis(LOOK_MS);
        }
        throw new IllegalStateException(
                name + " was not ready after " + TimeUnit.NANOSECONDS.toSeconds(COMES_BACK_WITHIN.toNanos()) + " s");
    }

    /// Writes down the end of a service that is gone without our doing.
    ///
    /// @return whether it is gone
    boolean endedByItself(String name) {
        Service service = service(name);
        if (service.process().isAlive()) {
            return false;
        }
        synchronized (this) {
            if (since.containsKey(name)) {
                ended(name, false, service.process().words().lines().reduce("", (_, last) -> last));
            }
        }
        return true;
    }

    private synchronized void ended(String name, boolean byUs, String how) {
        Long from = since.remove(name);
        stays.add(new Stay(name, from == null ? 0 : from, clock.millis(), byUs, working.remove(name), how));
    }

    /// All lives so far.
    synchronized List<Stay> stays() {
        List<Stay> all = new ArrayList<>(stays);
        since.forEach(
                (name, from) -> all.add(new Stay(name, from, Long.MAX_VALUE, true, working.contains(name), "lives")));
        return all;
    }
}
