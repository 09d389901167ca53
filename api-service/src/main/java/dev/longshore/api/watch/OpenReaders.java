package dev.longshore.api.watch;

import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import dev.longshore.settings.LongshoreSettings;
import dev.longshore.view.Owned;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The readers of events at this instance: how many there may be, and what is done for all of them now and then.
///
/// Safe for use by many threads.
public final class OpenReaders implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OpenReaders.class);

    /// When to try again where there is no room now.
    static final Duration COME_BACK = Duration.ofSeconds(5);

    /// All readers together may be behind by one part in so many of the heap.
    private static final int PART_OF_HEAP = 8;

    private static final Duration TEND_EVERY = Duration.ofSeconds(1);

    private final LongshoreSettings.Events limits;
    private final JobWatch watch;
    private final Speeches speeches;
    private final EventMetrics metrics;
    private final ThreadFactory threads;
    private final LongSupplier nanos;
    private final HttpOutlet.Backlog backlog =
            new HttpOutlet.Backlog(new AtomicLong(), Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    private final Set<EventReader> readers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final Map<Integer, Integer> ofTenants = new ConcurrentHashMap<>();
    private final Duration tendEvery;
    private boolean closed;
    private @Nullable Thread tending;

    public OpenReaders(
            LongshoreSettings.Events limits,
            JobWatch watch,
            Speeches speeches,
            EventMetrics metrics,
            ThreadFactory threads,
            LongSupplier nanos) {
        this.limits = limits;
        this.watch = watch;
        this.speeches = speeches;
        this.metrics = metrics;
        this.threads = threads;
        this.nanos = nanos;
        Duration half = limits.heartbeat().dividedBy(2);
        tendEvery = half.compareTo(TEND_EVERY) < 0 ? half : TEND_EVERY;
    }

    /// Takes in a reader.
    ///
    /// @param last the number of the last event that it was told; -1 for none
    /// @param keyStillGood asks whether its key is still good; fails when that cannot be found out now
    /// @throws Refusal when there is no room
    public EventReader admit(Owned job, long last, Supplier<CompletableFuture<Boolean>> keyStillGood) {
        if (count.incrementAndGet() > limits.readers()) {
            count.decrementAndGet();
            throw new Refusal(Problem.passing(
                    ProblemCode.UNAVAILABLE,
                    "This server has as many readers of events as it may have (" + limits.readers() + ").",
                    COME_BACK));
        }
        if (ofTenants.merge(job.tenantId(), 1, Integer::sum) > limits.readersPerTenant()) {
            release(job.tenantId());
            throw new Refusal(new Problem(
                    ProblemCode.RATE_LIMITED,
                    "There are as many readers of events with keys of this tenant as there may be.",
                    null,
                    Map.of("limit", "events.readers-per-tenant", "readers", limits.readersPerTenant()),
                    COME_BACK));
        }
        EventReader reader = new EventReader(job, last, keyStillGood, nanos.getAsLong(), speeches, metrics, this::left);
        readers.add(reader);
        watch.follow(reader);
        if (tendIfOpen()) {
            return reader;
        }
        reader.part(Parting.STOPPING);
        return reader;
    }

    /// Begins to tell a reader who was found to have something to be told.
    void open(EventReader reader, RoutingContext context) {
        context.response().setChunked(true);
        HttpOutlet outlet = new HttpOutlet(
                context.response(),
                context.request().connection(),
                context.vertx().getOrCreateContext(),
                backlog,
                metrics,
                limits.heartbeat(),
                nanos,
                reader::leave);
        context.addEndHandler(_ -> outlet.forget());
        // A long story takes time to spell, and this is an event loop.
        threads.newThread(() -> open(reader, outlet)).start();
    }

    private static void open(EventReader reader, Outlet outlet) {
        try {
            reader.open(outlet);
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "A reader of events could not be told; it is given up. job=%s",
                    reader.job().job());
            reader.broken(e);
        }
    }

    /// How many there are.
    public int count() {
        return count.get();
    }

    /// Bytes that they are behind.
    public long behind() {
        return backlog.bytes().get();
    }

    /// Ends all streams, so that their readers go elsewhere, and takes in nobody any more.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        readers.forEach(reader -> reader.part(Parting.STOPPING));
    }

    private void left(EventReader reader) {
        if (readers.remove(reader)) {
            watch.unfollow(reader);
            release(reader.job().tenantId());
        }
    }

    private void release(int tenant) {
        count.decrementAndGet();
        ofTenants.computeIfPresent(tenant, (_, readers) -> readers == 1 ? null : readers - 1);
    }

    /// @return false when it is closed
    private synchronized boolean tendIfOpen() {
        if (!closed && tending == null) {
            tending = threads.newThread(this::tendThem);
            tending.start();
        }
        return !closed;
    }

    private void tendThem() {
        try {
            while (anybodyThere()) {
                Thread.sleep(tendEvery);
                long now = nanos.getAsLong();
                readers.forEach(reader -> reader.tend(now));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean anybodyThere() {
        if (readers.isEmpty()) {
            tending = null;
            return false;
        }
        return true;
    }
}
