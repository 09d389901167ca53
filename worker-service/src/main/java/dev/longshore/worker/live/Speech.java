package dev.longshore.worker.live;

import dev.longshore.job.ClaimedJob;
import dev.longshore.outbox.EventSequence;
import dev.longshore.worker.provider.TokenSink;

/// What one call says, piece by piece.
final class Speech implements TokenSink {
    private final LiveTokens live;
    private final ClaimedJob job;
    private final StringBuilder gathered = new StringBuilder();
    private int pieces;
    private boolean waiting;
    private boolean over;

    Speech(LiveTokens live, ClaimedJob job) {
        this.live = live;
        this.job = job;
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
