package dev.longshore.worker.live;

import dev.longshore.job.ClaimedJob;
import dev.longshore.job.ProgressStep;
import dev.longshore.outbox.TenantNames;
import dev.longshore.road.EventSender;
import dev.longshore.worker.provider.TokenSink;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import org.jboss.logging.Logger;

/// Puts what models say on the event topic. The first piece goes at once, since somebody may be looking at an empty
/// page; what comes after it is gathered for a moment, so that a fast model does not cost a record a word.
///
/// Best effort: what does not arrive is missing, and readers see that it is by its number. The result is told anyway.
public final class LiveTokens implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LiveTokens.class);

    private static final Duration GATHER = Duration.ofMillis(20);

    private final EventSender events;
    private final TenantNames tenants;
    private final LiveProgress progress;
    private final InstantSource clock;
    private final BlockingQueue<Speech> unsent = new LinkedBlockingQueue<>();
    private final Thread thread;

    /// @param progress is told how far calls are
    /// @param clock as close to the database's as is known
    /// @param threads makes the one thread that this needs
    public LiveTokens(
            EventSender events,
            TenantNames tenants,
            LiveProgress progress,
            InstantSource clock,
            ThreadFactory threads) {
        this.events = events;
        this.tenants = tenants;
        this.progress = progress;
        this.clock = clock;
        thread = threads.newThread(this::sendWhatIsGathered);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /// What the call of a claim is going to say; to be closed when the call is over, and before its outcome is
    /// recorded.
    public TokenSink of(ClaimedJob job) {
        return new Speech(this, progress, job);
    }

    void gathered(Speech speech) {
        unsent.add(speech);
    }

    void send(ClaimedJob job, int count, String text) {
        tenant(job).ifPresent(tenant -> events.token(tenant, job.id(), job.epoch(), count, text, clock.instant()));
    }

    void send(ClaimedJob job, int count, ProgressStep step) {
        tenant(job)
                .ifPresent(tenant -> events.progress(
                        tenant, job.id(), job.epoch(), count, step.share(), step.message(), clock.instant()));
    }

    private Optional<String> tenant(ClaimedJob job) {
        try {
            return tenants.of(job.tenantId());
        } catch (SQLException e) {
            LOG.debugf(e, "a tenant's name could not be read, something is not told; job=%s", job.id());
            return Optional.empty();
        }
    }

    private void sendWhatIsGathered() {
        List<Speech> speaking = new ArrayList<>();
        try {
            while (true) {
                speaking.add(unsent.take());
                Thread.sleep(GATHER);
                unsent.drainTo(speaking);
                speaking.forEach(Speech::flush);
                speaking.clear();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
