package dev.longshore.worker.live;

import dev.longshore.job.JobId;
import dev.longshore.job.ProgressStep;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import org.jboss.logging.Logger;

/// Writes down how far running calls are, and then tells it. All that moved within a second is one statement, so that
/// no job is written more than once a second, however often its provider is looked at.
///
/// Best effort: while the database is away nothing is told, and the next step tells more than the one that is missing.
public final class LiveProgress implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LiveProgress.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /// Where steps are written down; see [dev.longshore.job.JobStore#progress].
    @FunctionalInterface
    public interface Writing {
        Set<JobId> write(List<ProgressStep> steps) throws SQLException;
    }

    private final Writing writing;
    private final BlockingQueue<Speech> moved = new LinkedBlockingQueue<>();
    private final Thread thread;

    /// @param threads makes the one thread that this needs
    public LiveProgress(Writing writing, ThreadFactory threads) {
        this.writing = writing;
        thread = threads.newThread(this::tellWhatMoves);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /// Once until its step is asked for.
    void moved(Speech speech) {
        moved.add(speech);
    }

    private void tellWhatMoves() {
        try {
            while (true) {
                List<Speech> all = new ArrayList<>();
                all.add(moved.take());
                moved.drainTo(all);
                tell(all);
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(List<Speech> speeches) {
        Map<Speech, ProgressStep> steps = new LinkedHashMap<>();
        for (Speech speech : speeches) {
            ProgressStep step = speech.step();
            if (step != null) {
                steps.put(speech, step);
            }
        }
        if (steps.isEmpty()) {
            return;
        }
        try {
            Set<JobId> written = writing.write(List.copyOf(steps.values()));
            steps.forEach((speech, step) -> {
                if (written.contains(step.job())) {
                    speech.told(step);
                }
            });
        } catch (SQLException | RuntimeException e) {
            // A step that threw would be the last of all jobs.
            LOG.debugf(e, "how far %d jobs are could not be written down, their next step will", steps.size());
        }
    }
}
