package dev.longshore.rig.chaos;

import dev.longshore.rig.proof.Followed;
import dev.longshore.rig.proof.Told;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Clients who order jobs at a steady rate and see each of them through, whatever is broken: they ask
/// again with the same key until they are answered, race each other, use keys twice, cancel, poll and
/// replay.
///
/// Safe for use by many threads.
final class Workload {
    private static final int AGAIN_MS = 250;
    private static final int BETWEEN_LOOKS_MS = 400;
    private static final int WAIT_SECONDS = 5;
    private static final int MOST_SUBMITS = 400;
    private static final int MOST_TRIES = 40;
    private static final int FIRST_EXTRA = 10_000_000;
    private static final int RACERS = 30;

    private final long seed;
    private final Caller caller;
    private final Subscriptions subscriptions;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger extras = new AtomicInteger(FIRST_EXTRA);
    private final Map<String, Order> running = new ConcurrentHashMap<>();
    private final Queue<LiveReader> readers = new ConcurrentLinkedQueue<>();
    private volatile boolean giveUp;

    Workload(long seed, Caller caller, Subscriptions subscriptions) {
        this.seed = seed;
        this.caller = caller;
        this.subscriptions = subscriptions;
    }

    /// Orders jobs at this rate until the time has come.
    ///
    /// @param untilNanos on the monotonic clock
    void order(int perSecond, long untilNanos) {
        long begun = System.nanoTime();
        int number = 0;
        while (System.nanoTime() < untilNanos) {
            begin(subscriptions.addressed(Order.of(seed, number++)));
            long due = begun + number * TimeUnit.SECONDS.toNanos(1) / perSecond;
            Pause.millis(TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime()));
        }
    }

    /// How many orders are not seen through yet.
    int open() {
        return open.get();
    }

    /// The clients go home.
    void giveUp() {
        giveUp = true;
    }

    /// Lets all who follow jobs read on to the end, as jobs may have been replayed since they stopped.
    ///
    /// @param giveUpNanos on the monotonic clock
    List<Followed> readOn(long giveUpNanos) {
        List<Followed> all = new ArrayList<>();
        for (LiveReader reader : readers) {
            reader.follow(() -> System.nanoTime() > giveUpNanos);
            all.add(reader.followed());
        }
        return all;
    }

    /// Many callers race for one key.
    void race() {
        begin(Order.race(seed, extras.getAndIncrement(), RACERS));
    }

    /// A caller hangs up somewhere in the middle and asks again.
    void hangUp(double at) {
        begin(Order.hangingUp(seed, extras.getAndIncrement(), at));
    }

    /// One tenant orders many jobs at once.
    void rush(int jobs, int tenant) {
        for (int i = 0; i < jobs; i++) {
            begin(Order.plain(seed, extras.getAndIncrement(), tenant));
        }
    }

    /// Everything that is under way now is cancelled, but for a share.
    void cancelAll(Random random, double share) {
        running.forEach((job, order) -> {
            if (random.nextDouble() < share) {
                aside(() -> caller.cancel(order, job));
            }
        });
    }

    /// Sends what no server should take.
    void rave(Random random) {
        byte[] body = switch (random.nextInt(6)) {
            case 0 -> new byte[11 * 1024 * 1024];
            case 1 -> ("[".repeat(100_000) + "]".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
            case 2 -> new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'};
            case 3 -> "{\"operation\":\"chat\",".getBytes(StandardCharsets.UTF_8);
            case 4 -> "{\"operation\":\"chat\",\"unheard_of\":1}".getBytes(StandardCharsets.UTF_8);
            default ->
                ("{\"operation\":\"chat\",\"priority\":" + "9".repeat(4_000) + "}").getBytes(StandardCharsets.UTF_8);
        };
        caller.nonsense(body);
    }

    private void begin(Order order) {
        aside(() -> seeThrough(order));
    }

    private void aside(Runnable deed) {
        open.incrementAndGet();
        Thread.ofVirtual().start(() -> {
            try {
                deed.run();
            } finally {
                open.decrementAndGet();
            }
        });
    }

    private void seeThrough(Order order) {
        if (order.hangUpAt() >= 0) {
            caller.hangUp(order);
            if (order.key() == null) {
                return;
            }
        }
        String job = order.racers() > 1 ? raced(order) : promised(order);
        if (job == null) {
            return;
        }
        running.put(job, order);
        try {
            if (order.other() != null) {
                untilAnswered(() -> caller.submitOther(order));
            }
            if (order.followed()) {
                LiveReader reader = new LiveReader(caller, order, job);
                readers.add(reader);
                aside(() -> reader.follow(() -> giveUp));
            }
            if (order.cancelAfterMs() >= 0) {
                aside(() -> {
                    Pause.millis(order.cancelAfterMs());
                    untilAnswered(() -> caller.cancel(order, job));
                });
            }
            follow(order, job);
        } finally {
            running.remove(job);
        }
    }

    private @Nullable String raced(Order order) {
        CountDownLatch ready = new CountDownLatch(1);
        List<String> promises = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(order.racers());
        for (int i = 0; i < order.racers(); i++) {
            Thread.ofVirtual().start(() -> {
                try {
                    ready.await();
                    String job = promised(order);
                    synchronized (promises) {
                        if (job != null) {
                            promises.add(job);
                        }
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                } finally {
                    done.countDown();
                }
            });
        }
        ready.countDown();
        try {
            done.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        synchronized (promises) {
            return promises.isEmpty() ? null : promises.getFirst();
        }
    }

    /// Submits until somebody promises to do it. Without a key only once, when nobody knows what came of
    /// it: another try might be another job.
    private @Nullable String promised(Order order) {
        for (int i = 0; i < MOST_SUBMITS && !giveUp; i++) {
            Told told = caller.submit(order);
            if (told.isPromise()) {
                return told.job();
            }
            boolean surelyRefused = told.http() == 429;
            if (!surelyRefused && (!told.isUnanswered() || order.key() == null)) {
                return null;
            }
            Pause.millis(AGAIN_MS);
        }
        return null;
    }

    private void follow(Order order, String job) {
        int replays = order.replays();
        while (!giveUp) {
            Told told = caller.look(order, job, order.patient() ? WAIT_SECONDS : 0);
            String status = told.status() == null ? "" : told.status();
            switch (status) {
                case "complete", "cancelled" -> {
                    return;
                }
                case "failed" -> {
                    if (replays-- <= 0) {
                        return;
                    }
                    untilAnswered(() -> order.patient() ? caller.replay(order, job) : caller.replayByList(order, job));
                }
                default -> {
                    if (told.isUnanswered() || !order.patient()) {
                        Pause.millis(BETWEEN_LOOKS_MS);
                    }
                }
            }
        }
    }

    private void untilAnswered(Supplier<Told> question) {
        for (int i = 0; i < MOST_TRIES && !giveUp; i++) {
            Told told = question.get();
            if (!told.isUnanswered() && told.http() != 429) {
                return;
            }
            Pause.millis(AGAIN_MS);
        }
    }
}
