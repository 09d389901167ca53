package dev.longshore.api.watch;

import dev.longshore.job.JobId;
import dev.longshore.outbox.EventSequence;
import dev.longshore.road.JobNews.Said;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.LongSupplier;

/// What running calls have said so far, for readers who come late: of every job whose call is heard to speak, whoever
/// follows it. Only what was heard from its beginning is kept, and not for longer than the call goes on.
///
/// Safe for use by many threads.
public final class Speeches {
    /// The room that all of them may take, in bytes. Those that have been silent for the longest time give way.
    public static final long MOST = 16L << 20;

    /// Longer than a call may be silent.
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final long most;
    private final LongSupplier nanos;
    /// The one that was silent for the longest time comes first.
    private final SequencedMap<JobId, Speech> speeches = new LinkedHashMap<>();

    private long size;

    /// @param nanos the clock of [System#nanoTime]
    public Speeches(long most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    /// A part of a speech.
    ///
    /// @param last the number of its last piece
    /// @param pieces how many there are in it
    record Part(Buffer frames, long last, int pieces) {}

    /// Takes a piece.
    synchronized void add(Said said) {
        long now = nanos.getAsLong();
        Speech speech = speeches.remove(said.job());
        if (speech != null) {
            size -= speech.size();
        }
        if (speech == null || speech.epoch() < said.epoch()) {
            speech = new Speech(said.epoch());
        }
        if (speech.epoch() > said.epoch() || speech.add(said, now)) {
            speeches.putLast(said.job(), speech);
            size += speech.size();
        }
        makeRoom(now);
    }

    /// The job has taken on a status: what was said before it is of no more use.
    ///
    /// @param number the event's
    synchronized void over(JobId job, long number) {
        Speech speech = speeches.get(job);
        if (speech != null && number > EventSequence.reset(speech.epoch())) {
            speeches.remove(job);
            size -= speech.size();
        }
    }

    synchronized boolean has(JobId job) {
        return speeches.containsKey(job);
    }

    /// What the call of a claim has said from a piece on; empty when there is no more of it, or not all.
    synchronized Optional<Part> from(JobId job, int epoch, int first) {
        Speech speech = speeches.get(job);
        if (speech == null || speech.epoch() != epoch || speech.pieces() < first) {
            return Optional.empty();
        }
        return Optional.of(new Part(
                speech.frames(first), EventSequence.said(epoch, speech.pieces()), speech.pieces() - first + 1));
    }

    /// The room that all take, in bytes, about.
    public synchronized long size() {
        return size;
    }

    private void makeRoom(long now) {
        while (!speeches.isEmpty()) {
            Speech eldest = speeches.firstEntry().getValue();
            if (size <= most && now - eldest.heardAt() <= KEPT.toNanos()) {
                return;
            }
            speeches.pollFirstEntry();
            size -= eldest.size();
        }
    }
}
