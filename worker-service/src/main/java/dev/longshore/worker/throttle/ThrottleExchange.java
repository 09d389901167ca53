package dev.longshore.worker.throttle;

import dev.longshore.job.JobStore;
import dev.longshore.provider.BreakerName;
import dev.longshore.provider.PermitShares;
import dev.longshore.provider.PermitShares.Grant;
import dev.longshore.provider.ProviderBoard;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/// Carries between this worker's throttle and the others', by way of the database: breakers, rests and pauses, each
/// worker's part of every limit, and reports. It fetches jobs that were held back as soon as there is room for them.
///
/// Each step is harmless when it is repeated, and what could not be written is written the next time.
public final class ThrottleExchange {
    private static final Logger LOG = Logger.getLogger(ThrottleExchange.class);

    /// From one exchange to the next when nothing happens.
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /// However much happens, the database is asked no more often than this.
    private static final Duration BREATH = Duration.ofMillis(200);

    private static final Duration REPORT = Duration.ofSeconds(3);

    /// Jobs fetched in one go: enough for a second of most models.
    private static final int LARGEST_FETCH = 500;

    /// For so many exchanges after a model came back its held jobs are fetched, whether or not it has limits.
    private static final int FETCHES_AFTER_RETURN = 30;

    private final Throttle throttle;
    private final ProviderBoard board;
    private final PermitShares shares;
    private final JobStore store;
    private final IntSupplier workerId;
    private final LongSupplier nanos;
    private final Map<String, Integer> returned = new HashMap<>();
    private final Object bell = new Object();
    private int lastWorker;
    private long lastReportNanos;
    private boolean rung;
    private boolean closed;
    private boolean failing;
    private final Thread thread;

    /// @param workerId this worker's number now
    public ThrottleExchange(
            Throttle throttle,
            ProviderBoard board,
            PermitShares shares,
            JobStore store,
            IntSupplier workerId,
            LongSupplier nanos) {
        this.throttle = throttle;
        this.board = board;
        this.shares = shares;
        this.store = store;
        this.workerId = workerId;
        this.nanos = nanos;
        lastReportNanos = nanos.getAsLong() - REPORT.toNanos();
        throttle.onNews(this::ring);
        thread = Thread.ofPlatform().name("throttle-exchange").daemon().unstarted(this::exchangeUntilClosed);
    }

    /// Begins; the worker must have its number by now.
    public void start() {
        thread.start();
    }

    /// Ends, and gives back what is not in use.
    public void stop() throws InterruptedException {
        synchronized (bell) {
            closed = true;
            bell.notifyAll();
        }
        thread.join(Duration.ofSeconds(10));
        try {
            shares.deal(lastWorker, throttle.lastClaims());
        } catch (SQLException e) {
            LOG.debugf("parts of limits could not be given back, they lapse instead; cause=%s", e.getMessage());
        }
    }

    private void ring() {
        synchronized (bell) {
            rung = true;
            bell.notifyAll();
        }
    }

    private void exchangeUntilClosed() {
        try {
            while (!isClosed()) {
                exchange();
                rest();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        synchronized (bell) {
            return closed;
        }
    }

    private void rest() throws InterruptedException {
        long begun = nanos.getAsLong();
        synchronized (bell) {
            while (!closed) {
                long left = (rung ? BREATH : PAUSE).toNanos() - (nanos.getAsLong() - begun);
                if (left <= 0) {
                    break;
                }
                bell.wait(left / 1_000_000 + 1);
            }
            rung = false;
        }
    }

    private void exchange() {
        try {
            runOnce();
            failing = false;
        } catch (SQLException | RuntimeException e) {
            LOG.logf(
                    failing ? Logger.Level.DEBUG : Logger.Level.WARN,
                    "nothing could be exchanged with the other workers, tried again every second; cause=%s",
                    e.getMessage());
            failing = true;
        }
    }

    /// One exchange.
    void runOnce() throws SQLException {
        int worker = workerId.getAsInt();
        if (worker != lastWorker) {
            throttle.loseAll();
            lastWorker = worker;
        }
        writeNews(worker);
        for (String name : throttle.learn(board.read())) {
            returned.put(name, FETCHES_AFTER_RETURN);
        }
        long asked = nanos.getAsLong();
        Map<String, Grant> grants = shares.deal(worker, throttle.claims());
        throttle.grant(grants, asked);
        fetchHeld();
        if (nanos.getAsLong() - lastReportNanos >= REPORT.toNanos()) {
            lastReportNanos = nanos.getAsLong();
            board.report(
                    worker,
                    throttle.watches().stream()
                            .map(watch -> watch.report(lastReportNanos))
                            .toList());
        }
    }

    private void writeNews(int worker) throws SQLException {
        for (SharedBreaker breaker : throttle.breakers()) {
            Circuit.News news = breaker.circuit().news();
            if (news != null) {
                write(breaker, news, worker);
                breaker.circuit().written(news);
            }
        }
        for (ProviderBoard.Rest rest = throttle.newRests().peek();
                rest != null;
                rest = throttle.newRests().peek()) {
            board.rest(rest);
            throttle.newRests().remove();
        }
    }

    private void write(SharedBreaker breaker, Circuit.News news, int worker) throws SQLException {
        switch (news) {
            case Circuit.News.Opened(var reason) -> {
                if (board.open(breaker.name(), reason, breaker.circuit().openFor(), worker)) {
                    LOG.warnf("%s is left alone for a while; %s reason=%s", whoIs(breaker), fields(breaker), reason);
                }
            }
            case Circuit.News.TrialWentWell _ -> {
                board.close(breaker.name(), worker);
                LOG.infof("%s is back; %s", whoIs(breaker), fields(breaker));
            }
            case Circuit.News.TrialToldNothing _ -> board.giveTrialBack(breaker.name(), worker);
        }
    }

    private static String whoIs(SharedBreaker breaker) {
        return breaker.name().isOfAKey() ? "a key of a provider" : "a provider";
    }

    private static String fields(SharedBreaker breaker) {
        BreakerName name = breaker.name();
        String key = name.isOfAKey() ? " key=" + name.key() : "";
        String model = name.isOfEveryModel() ? "" : " model=" + name.model();
        return "provider=" + name.provider() + key + model;
    }

    private void fetchHeld() throws SQLException {
        Map<String, Long> idle = throttle.idle();
        for (Map.Entry<String, Long> model : idle.entrySet()) {
            if (model.getValue() > 0) {
                store.wakeHeld(model.getKey(), (int) Math.min(LARGEST_FETCH, model.getValue()));
            }
        }
        for (String name : List.copyOf(returned.keySet())) {
            int fetched = idle.containsKey(name) ? 0 : store.wakeHeld(name, LARGEST_FETCH);
            returned.computeIfPresent(name, (_, left) -> left > 1 ? left - 1 : null);
            if (fetched == LARGEST_FETCH) {
                returned.put(name, FETCHES_AFTER_RETURN);
                ring();
            }
        }
    }
}
