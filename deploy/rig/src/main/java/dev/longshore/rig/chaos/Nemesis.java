package dev.longshore.rig.chaos;

import dev.longshore.rig.proof.Outage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Does to a system what a schedule says, each fault in a thread of its own.
final class Nemesis {
    /// Leases, sessions of consumers and the work that has gathered: for so long the consequences of a
    /// fault last at most.
    private static final Duration RECOVERY = Duration.ofSeconds(15);

    private final Faults faults;
    private final Hands hands;
    private final InstantSource clock;
    private final Consumer<String> say;
    private final List<Outage> outages = new ArrayList<>();
    private final List<String> slips = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /// @param say tells people what happens
    Nemesis(Faults faults, Hands hands, InstantSource clock, Consumer<String> say) {
        this.faults = faults;
        this.hands = hands;
        this.clock = clock;
        this.say = say;
    }

    /// Begins; returns at once.
    void follow(Schedule schedule) {
        long begun = System.nanoTime();
        for (Planned planned : schedule.faults()) {
            threads.add(Thread.ofPlatform()
                    .name("fault-" + planned.number())
                    .daemon()
                    .start(() -> inflict(planned, begun)));
        }
    }

    /// Returns when every fault is mended.
    void await() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /// What was broken, and when.
    synchronized List<Outage> outages() {
        return List.copyOf(outages);
    }

    /// Faults that could not be done or undone.
    synchronized List<String> slips() {
        return List.copyOf(slips);
    }

    private void inflict(Planned planned, long begun) {
        String what = planned.kind().words() + ", " + planned.target();
        Set<String> needs = planned.kind().needs(planned.target());
        try {
            awaitMs(begun, planned.beginMs());
            hands.take(needs);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        }
        long from = clock.millis();
        say.accept("%6.1f s  #%d %s".formatted(seconds(begun), planned.number(), what));
        Strike strike = faults.of(planned);
        int done = 0;
        try {
            strike.begin().run();
            done++;
            long lasts = planned.endMs() - planned.beginMs();
            for (long left = lasts; left > 0; left = from + lasts - clock.millis()) {
                try {
                    strike.again().run();
                    done++;
                } catch (Exception e) {
                    say.accept("%6.1f s  #%d not done this time: %s".formatted(seconds(begun), planned.number(), e));
                }
                Pause.millis(Math.min(Math.max(1, from + lasts - clock.millis()), strike.everyMs()));
            }
        } catch (Exception e) {
            slip(what + " could not be done: " + e);
        }
        try {
            strike.end().run();
        } catch (Exception e) {
            slip(what + " could not be undone: " + e);
        } finally {
            hands.giveBack(needs);
        }
        if (done > 1) {
            long to = clock.millis();
            synchronized (this) {
                boolean ofReceivers = planned.kind().group() == FaultGroup.RECEIVER;
                outages.add(new Outage(what, ofReceivers, from, to, to + RECOVERY.toMillis()));
            }
        } else {
            slip(what + " was never done");
        }
        say.accept("%6.1f s  #%d is over".formatted(seconds(begun), planned.number()));
    }

    private synchronized void slip(String what) {
        slips.add(what);
        say.accept("          " + what);
    }

    private static void awaitMs(long begun, long ms) {
        Pause.millis(ms - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
