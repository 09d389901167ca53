package dev.longshore.road;

import dev.longshore.job.Change;
import dev.longshore.job.ChangeListener;
import dev.longshore.outbox.JobEvent;
import dev.longshore.outbox.Outbox;
import dev.longshore.outbox.TenantNames;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Tells what this process has changed, out of its memory, and now and then what others did not live to tell, out
/// of the outbox. Under load a passing takes all that has come in meanwhile: what telling costs the broker is
/// counted in passings.
public final class EventRelay implements ChangeListener, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EventRelay.class);

    /// Statements whose changes wait here to be told. More than this come up while the broker is away; then they
    /// stay in the outbox, where they are found as [#OLD].
    private static final int MOST_WAITING = 2_000;

    /// From one passing with much to tell to the next.
    private static final Duration APART = Duration.ofMillis(20);

    /// A passing with fewer changes is light load, where nobody should wait.
    private static final int FEW = 8;

    /// How often the outbox is looked at, and told rows are taken out of it.
    private static final Duration LOOK = Duration.ofSeconds(1);

    /// Told rows that may lie in the outbox until then.
    private static final int MOST_TOLD = 64;

    /// What has lain in the outbox for so long, nobody is about to tell.
    private static final Duration OLD = Duration.ofSeconds(5);

    /// Rows of the outbox that are read at once.
    private static final int ROWS = 64;

    /// After a failure of database or broker.
    private static final Duration REST = Duration.ofSeconds(1);

    private final Outbox outbox;
    private final TenantNames tenants;
    private final EventSender events;
    private final Thread thread;
    private final LinkedBlockingQueue<Posting> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final List<Long> told = new ArrayList<>();
    private long lookedAt;
    private volatile boolean closed;

    private record Posting(long outboxId, List<Change> changes) {}

    /// @param threads makes the one thread that this needs
    public EventRelay(Outbox outbox, TenantNames tenants, EventSender events, ThreadFactory threads) {
        this.outbox = outbox;
        this.tenants = tenants;
        this.events = events;
        thread = threads.newThread(this::run);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void changed(long outboxId, List<Change> changes) {
        waiting.offer(new Posting(outboxId, changes));
    }

    /// Tells what is waiting, unless that takes long. What is left in the outbox, others tell.
    @Override
    public void close() {
        closed = true;
        waiting.offer(new Posting(0, List.of()));
        try {
            if (!thread.join(REST)) {
                thread.interrupt();
            }
        } catch (InterruptedException _) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                List<Posting> postings = new ArrayList<>();
                Posting first = waiting.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    postings.add(first);
                    waiting.drainTo(postings);
                }
                int changes = tellAll(postings);
                tidy();
                if (changes >= FEW && !closed) {
                    TimeUnit.NANOSECONDS.sleep(APART.toNanos());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return how many changes these were
    private int tellAll(List<Posting> postings) throws InterruptedException {
        if (postings.isEmpty()) {
            return 0;
        }
        while (true) {
            try {
                List<JobEvent> all = events(postings);
                if (events.tell(all)) {
                    postings.stream()
                            .map(Posting::outboxId)
                            .filter(row -> row != 0)
                            .forEach(told::add);
                    return all.size();
                }
                LOG.debugf("the event topic takes nothing, trying again soon; changes=%d", all.size());
            } catch (SQLException | RuntimeException e) {
                LOG.debugf(e, "some changes could not be read, trying again soon");
            }
            if (closed) {
                return 0;
            }
            TimeUnit.NANOSECONDS.sleep(REST.toNanos());
        }
    }

    private List<JobEvent> events(List<Posting> postings) throws SQLException {
        List<JobEvent> all = new ArrayList<>();
        List<Long> unread = new ArrayList<>();
        for (Posting posting : postings) {
            if (posting.changes().isEmpty()) {
                unread.add(posting.outboxId());
            }
            for (Change change : posting.changes()) {
                tenants.of(change.tenantId()).ifPresent(tenant -> all.add(JobEvent.of(change, tenant)));
            }
        }
        all.addAll(outbox.read(unread));
        return all;
    }

    /// Takes out of the outbox what was told, and tells what others have left there.
    private void tidy() throws InterruptedException {
        long now = System.nanoTime();
        boolean look = now - lookedAt > LOOK.toNanos();
        if (!look && told.size() < MOST_TOLD) {
            return;
        }
        try {
            outbox.forget(told);
            told.clear();
            if (look) {
                lookedAt = now;
                List<Long> old = outbox.old(OLD, ROWS);
                if (events.tell(outbox.read(old))) {
                    outbox.forget(old);
                }
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debugf(e, "the outbox could not be looked at, trying again soon");
        }
    }
}
