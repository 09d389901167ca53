package dev.longshore.worker.delivery;

import dev.longshore.webhook.CallOutcome;
import dev.longshore.webhook.CallOutcome.Forbidden;
import dev.longshore.webhook.CallOutcome.NotReached;
import dev.longshore.webhook.SigningSecret;
import dev.longshore.webhook.WebhookCaller;
import dev.longshore.worker.attempt.Persistence;
import dev.longshore.worker.delivery.Claims.Share;
import dev.longshore.worker.delivery.DueReceivers.DueReceiver;
import dev.longshore.worker.delivery.DueReceivers.Range;
import dev.longshore.worker.delivery.Notice.Owner;
import dev.longshore.worker.delivery.Ruling.Dropped;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Claims due notices receiver by receiver and sends each on a virtual thread of its own.
///
/// A receiver has at most [ReceiverHealth#MOST_AT_ONCE] calls under way over all workers, and its share of the places
/// here, so that receivers which hang leave room for the others.
public final class Deliverer {
    private static final Logger LOG = Logger.getLogger(Deliverer.class);

    /// Calls under way in this process. Each holds a body in memory, most of them some kilobytes.
    static final int MOST_IN_FLIGHT = 1_000;

    /// Receivers looked at in one look; the next one goes on behind them.
    private static final int RECEIVERS = 100;

    /// Notices made ready in one look, so that many to one receiver do not keep the next look waiting.
    private static final int LARGEST_CLAIM = 250;

    /// How long calls that were broken off have to give their notices back.
    private static final Duration GIVING_BACK = Duration.ofSeconds(5);

    /// How often a look goes through all days, for what was owed before today.
    private static final Duration EVERYTHING = Duration.ofSeconds(1);

    private final WebhookCaller caller;
    private final DueReceivers due;
    private final Claims claims;
    private final StoredBodies bodies;
    private final OwnersSecrets secrets;
    private final SwitchOff switchOff;
    private final IntSupplier worker;
    private final InstantSource clock;
    private final DoubleSupplier chance;
    private final DeliveryMeter meter;
    private final DeliveryRecorder recorder;
    private final Pacing pacing;
    private final Places places = new Places(MOST_IN_FLIGHT);
    private final Set<Thread> calls = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private final Rounds today = new Rounds();
    private final Rounds everything = new Rounds();
    private long everythingNanos = System.nanoTime();

    /// How long this look has taken to find receivers.
    private Duration finding = Duration.ZERO;

    /// @param pacing is called whenever something may have come to be due
    /// @param worker this worker's number
    /// @param chance from 0 up to, not including, 1
    public Deliverer(
            DataSource database,
            WebhookCaller caller,
            JobBodies bodies,
            SwitchOff switchOff,
            Persistence persistence,
            Pacing pacing,
            IntSupplier worker,
            InstantSource clock,
            DoubleSupplier chance,
            DeliveryMeter meter) {
        DeliveryBook book = new DeliveryBook(database);
        this(
                database,
                caller,
                bodies,
                switchOff,
                group -> persistence.untilDone("logging deliveries", () -> book.write(group)),
                pacing,
                worker,
                clock,
                chance,
                meter);
    }

    Deliverer(
            DataSource database,
            WebhookCaller caller,
            Bodies bodies,
            SwitchOff switchOff,
            DeliveryRecorder.Storing storing,
            Pacing pacing,
            IntSupplier worker,
            InstantSource clock,
            DoubleSupplier chance,
            DeliveryMeter meter) {
        this.caller = caller;
        this.due = new DueReceivers(database);
        this.claims = new Claims(database);
        this.bodies = new StoredBodies(database, bodies);
        this.secrets = new OwnersSecrets(database);
        this.switchOff = switchOff;
        this.pacing = pacing;
        this.worker = worker;
        this.clock = clock;
        this.chance = chance;
        this.meter = meter;
        recorder = new DeliveryRecorder(storing, switchOff, meter, group -> {
            group.forEach(done -> places.release(done.notice().receiverId()));
            pacing.call();
        });
        thread = Thread.ofPlatform().name("deliverer").daemon().unstarted(this::turn);
    }

    public void start() {
        meter.inFlight(places::taken);
        thread.start();
    }

    /// Claims nothing more. What is under way goes on.
    public void stopClaiming() throws InterruptedException {
        pacing.close();
        thread.join(TimeUnit.SECONDS.toMillis(10));
    }

    /// Waits for the calls under way, breaks off those that last longer, and writes down how they ended. Those broken
    /// off are given back, for another worker to make.
    public void finish(Duration patience) throws InterruptedException {
        if (!places.awaitEmpty(patience)) {
            LOG.infof("deliveries are broken off and given back; deliveries=%d", calls.size());
            calls.forEach(Thread::interrupt);
            places.awaitEmpty(GIVING_BACK);
        }
        recorder.stop();
    }

    private void turn() {
        try {
            while (pacing.await()) {
                try {
                    finding = Duration.ZERO;
                    boolean found = look(System.nanoTime());
                    pacing.found(found, finding);
                } catch (SQLException | RuntimeException e) {
                    LOG.warnf("due notices could not be claimed, trying again soon; cause=%s", e.getMessage());
                    pacing.failed();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean look(long nowNanos) throws SQLException {
        boolean found = look(Range.today(clock.instant()), today);
        if (nowNanos - everythingNanos >= EVERYTHING.toNanos()) {
            everythingNanos = nowNanos;
            found |= look(Range.ALL, everything);
        }
        return found;
    }

    /// How far looks through a range have come, when there are more receivers than one look takes.
    private static final class Rounds {
        private @Nullable UUID after;
    }

    private boolean look(Range range, Rounds rounds) throws SQLException {
        int room = places.free();
        if (room == 0) {
            // Whoever makes room calls.
            return false;
        }
        long before = System.nanoTime();
        List<DueReceiver> receivers = due.find(range, rounds.after, RECEIVERS);
        finding = finding.plusNanos(System.nanoTime() - before);
        boolean more = receivers.size() == RECEIVERS;
        if (more || rounds.after != null) {
            rounds.after = more ? receivers.getLast().id() : null;
            pacing.call();
        }
        List<DueReceiver> wanted = new ArrayList<>();
        for (DueReceiver receiver : receivers) {
            if (receiver.wanted()) {
                wanted.add(receiver);
            } else {
                switchOff.endAllOf(receiver.id());
            }
        }
        List<Share> shares = places.shares(wanted);
        return !shares.isEmpty() && send(range, shares, Math.min(room, LARGEST_CLAIM));
    }

    private boolean send(Range range, List<Share> shares, int most) throws SQLException {
        List<Notice> claimed = claims.claim(worker.getAsInt(), range, shares, most);
        if (claimed.size() == most) {
            pacing.call();
        }
        if (!claimed.isEmpty()) {
            Map<UUID, String> said = bodies.of(claimed);
            Map<Owner, List<SigningSecret>> signing =
                    secrets.of(claimed.stream().map(Notice::owner).toList());
            for (Notice notice : claimed) {
                begin(notice, said.get(notice.id()), signing.get(notice.owner()));
            }
        }
        return !claimed.isEmpty();
    }

    private void begin(Notice notice, @Nullable String body, @Nullable List<SigningSecret> signing) {
        places.take(notice.receiverId());
        if (body == null || signing == null) {
            String why = body == null ? "What this would tell of is gone." : "The endpoint has no secret to sign with.";
            recorder.record(new Done(notice, clock.instant(), new Forbidden(why), new Dropped()));
            return;
        }
        Letter letter = new Letter(notice, body.getBytes(StandardCharsets.UTF_8), signing);
        Thread.ofVirtual().name("delivery").start(() -> call(letter));
    }

    private void call(Letter letter) {
        calls.add(Thread.currentThread());
        Notice notice = letter.notice();
        Instant at = clock.instant();
        meter.begun(notice, at);
        CallOutcome outcome;
        try {
            outcome = caller.post(notice.url(), notice.webhookId(), letter.body(), letter.secrets());
        } catch (InterruptedException _) {
            giveBack(notice);
            return;
        } catch (RuntimeException e) {
            LOG.errorf(e, "a delivery failed for a reason of our own; notice=%s", notice.id());
            outcome = new NotReached("an error of the sender", Duration.ZERO);
        } finally {
            calls.remove(Thread.currentThread());
        }
        Done done = new Done(notice, at, outcome, Ruling.of(outcome, notice.tries(), chance.getAsDouble()));
        meter.ended(done);
        recorder.record(done);
    }

    private void giveBack(Notice notice) {
        try {
            claims.handBack(List.of(notice));
        } catch (SQLException | RuntimeException e) {
            LOG.debugf("a claim could not be given back and ends by itself; cause=%s", e.getMessage());
        } finally {
            places.release(notice.receiverId());
        }
    }
}
