package dev.longshore.worker.live;

import dev.longshore.job.ClaimedJob;
import dev.longshore.job.ProgressStep;
import dev.longshore.outbox.EventSequence;
import dev.longshore.worker.provider.TokenSink;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one call says, piece by piece, and how far it is. Both are numbered as one, as readers count them.
final class Speech implements TokenSink {
    private final LiveTokens live;
    private final LiveProgress progress;
    private final ClaimedJob job;
    private final StringBuilder gathered = new StringBuilder();
    private int pieces;
    private boolean waiting;
    private boolean over;

    /// The furthest that was told of, and what it did then.
    private double share;

    private @Nullable String message;
    private boolean moved;

    Speech(LiveTokens live, LiveProgress progress, ClaimedJob job) {
        this.live = live;
        this.progress = progress;
        this.job = job;
    }

    ClaimedJob job() {
        return job;
    }

    @Override
    public synchronized void token(String text) {
        gathered.append(text);
        if (pieces == 0) {
            flush();
        } else if (!waiting) {
            waiting = true;
            live.gathered(this);
        }
    }

    /// It never goes back: a provider that begins its count anew with each phase of its work is not half as far as it
    /// was.
    @Override
    public synchronized void progress(@Nullable Double now, @Nullable String doing) {
        double furthest = now == null ? share : Math.max(share, now);
        if (furthest == share && Objects.equals(doing, message)) {
            return;
        }
        share = furthest;
        message = doing;
        if (!moved) {
            moved = true;
            progress.moved(this);
        }
    }

    /// How far it is by now.
    ///
    /// @return null when the call is over: what came of it tells more
    synchronized @Nullable ProgressStep step() {
        moved = false;
        return over ? null : new ProgressStep(job.id(), job.epoch(), share, message);
    }

    /// Tells a step that is written down.
    synchronized void told(ProgressStep step) {
        flush();
        if (!over && pieces < EventSequence.MOST_SAID) {
            pieces++;
            live.send(job, pieces, step);
        }
    }

    /// Readers learn from the job's next change of status that what they heard counts for nothing.
    @Override
    public synchronized void withdrawn() {
        over = true;
    }

    /// Sends what is gathered. In one hand at a time, so that pieces go in the order of their numbers.
    synchronized void flush() {
        waiting = false;
        if (gathered.isEmpty() || over) {
            return;
        }
        if (pieces == EventSequence.MOST_SAID) {
            over = true;
            return;
        }
        pieces++;
        live.send(job, pieces, gathered.toString());
        gathered.setLength(0);
    }

    /// The rest is sent before the call's outcome can be told by anybody.
    @Override
    public synchronized void close() {
        flush();
        over = true;
    }
}
