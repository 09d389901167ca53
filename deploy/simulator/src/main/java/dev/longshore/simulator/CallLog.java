package dev.longshore.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Remembers the latest calls in a ring and counts all of them. Safe for use by several threads.
final class CallLog {

    /// How many calls are remembered; older ones are overwritten. A small heap remembers fewer.
    static final int MOST_CALLS = 1_000_000;

    /// What a remembered call takes at the most, generously; the log may fill a quarter of the heap.
    private static final long BYTES_PER_CALL = 512;

    /// How many models and how many keys are counted by name; further ones are counted together as [#OTHERS].
    private static final int MOST_NAMES = 1_000;

    private static final String OTHERS = "(others)";

    private final int capacity;
    private final Meter all = new Meter();
    private final Map<String, Meter> models = new ConcurrentHashMap<>();
    private final Map<String, Meter> keys = new ConcurrentHashMap<>();
    private volatile Book book;

    CallLog(int capacity) {
        this.capacity = capacity;
        this.book = new Book(capacity);
    }

    static int usualCapacity() {
        return Math.clamp(Runtime.getRuntime().maxMemory() / 4 / BYTES_PER_CALL, 1_000, MOST_CALLS);
    }

    /// The calls between two resets.
    static final class Book {
        private final AtomicLong last = new AtomicLong();
        private final AtomicReferenceArray<@Nullable CallEntry> ring;

        Book(int capacity) {
            this.ring = new AtomicReferenceArray<>(capacity);
        }
    }

    CallEntry open(Arrival arrival, String route, String model, long modelNumber, long promptHash) {
        Book current = book;
        long open = all.arrive(arrival.atMs());
        meter(models, model).arrive(arrival.atMs());
        if (arrival.keyTail() != null) {
            meter(keys, arrival.keyTail()).arrive(arrival.atMs());
        }
        long number = current.last.incrementAndGet();
        CallEntry entry = new CallEntry(current, number, arrival, route, model, modelNumber, promptHash, open);
        current.ring.setRelease((int) (number % capacity), entry);
        return entry;
    }

    /// Ends a call. `status` is 0 if none was sent.
    void close(CallEntry entry, int status, @Nullable FaultKind fault, boolean byClient, long nowMs) {
        entry.end(status, fault, byClient, nowMs);
        leave(all, entry, status, fault, byClient);
        leave(meter(models, entry.model()), entry, status, fault, byClient);
        if (entry.keyTail() != null) {
            leave(meter(keys, entry.keyTail()), entry, status, fault, byClient);
        }
    }

    /// Forgets all calls and counts; calls that are open stay open and are counted as such.
    void reset() {
        book = new Book(capacity);
        all.reset();
        models.values().forEach(Meter::reset);
        keys.values().forEach(Meter::reset);
    }

    /// The remembered calls with a number above `after`, oldest first, at most `limit` of them.
    List<Call> after(long after, int limit, @Nullable String model) {
        Book current = book;
        long last = current.last.get();
        List<Call> calls = new ArrayList<>();
        for (long number = Math.max(after, last - capacity) + 1; number <= last && calls.size() < limit; number++) {
            CallEntry entry = current.ring.getAcquire((int) (number % capacity));
            if (entry == null || entry.number < number) {
                // Numbered but not yet written: the next reading starts here, so that it is not passed over.
                break;
            }
            if (entry.number == number && (model == null || model.equals(entry.model()))) {
                calls.add(entry.view());
            }
        }
        return calls;
    }

    Stats stats() {
        return new Stats(all.tally(), tallies(models), tallies(keys));
    }

    private static Map<String, Tally> tallies(Map<String, Meter> meters) {
        Map<String, Tally> tallies = new TreeMap<>();
        meters.forEach((name, meter) -> tallies.put(name, meter.tally()));
        return tallies;
    }

    private void leave(Meter meter, CallEntry entry, int status, @Nullable FaultKind fault, boolean byClient) {
        if (entry.book == book) {
            meter.leave(status, fault, byClient, entry.inputTokens(), entry.outputTokens());
        } else {
            meter.leave();
        }
    }

    private static Meter meter(Map<String, Meter> meters, String name) {
        Meter known = meters.get(name);
        if (known != null) {
            return known;
        }
        return meters.computeIfAbsent(meters.size() < MOST_NAMES ? name : OTHERS, _ -> new Meter());
    }
}
