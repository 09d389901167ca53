package dev.longshore.api.watch;

import dev.longshore.outbox.EventSequence;
import dev.longshore.road.JobNews.Progress;
import dev.longshore.road.JobNews.Said;
import dev.longshore.road.JobNews.Token;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// What one running call has said so far, from its first piece. Pieces are kept as one text with marks, which takes a
/// tenth of the room that a string each would.
final class Speech {
    /// Five minutes of a fast model.
    static final int MOST_PIECES = 16_384;

    /// Characters.
    static final int MOST_TEXT = 512 * 1024;

    /// What one takes beside its text and its marks, in bytes, about.
    private static final int FRAME = 256;

    private static final int FIRST_ROOM = 16;

    private final int epoch;
    private final StringBuilder text = new StringBuilder();
    // Nearly always empty.
    private final Map<Integer, Progress> progress = new TreeMap<>();
    private int[] ends = new int[FIRST_ROOM];
    private int pieces;
    private long told;

    /// @param epoch the claim's
    Speech(int epoch) {
        this.epoch = epoch;
    }

    int epoch() {
        return epoch;
    }

    int pieces() {
        return pieces;
    }

    /// The room that it takes, in bytes, about.
    int size() {
        return FRAME + text.capacity() + ends.length * Integer.BYTES + progress.size() * FRAME;
    }

    /// When the last piece was heard, on the clock of [System#nanoTime].
    long heardAt() {
        return told;
    }

    /// Takes a piece; one that was taken before changes nothing.
    ///
    /// @return whether all that was said is still here: false when pieces are missing, or there are too many
    boolean add(Said said, long now) {
        if (said.count() <= pieces) {
            return true;
        }
        if (said.count() != pieces + 1 || pieces == MOST_PIECES) {
            return false;
        }
        told = now;
        switch (said) {
            case Token token -> text.append(token.text());
            case Progress step -> {
                String message = step.message();
                if (message != null && message.length() > FRAME) {
                    return false;
                }
                progress.put(pieces + 1, step);
            }
        }
        if (pieces == ends.length) {
            ends = Arrays.copyOf(ends, 2 * ends.length);
        }
        ends[pieces] = text.length();
        pieces++;
        return text.length() <= MOST_TEXT;
    }

    /// The pieces from one on, each spelled as it was when it came.
    ///
    /// @param first not beyond the last
    Buffer frames(int first) {
        StringBuilder frames = new StringBuilder();
        for (int piece = first; piece <= pieces; piece++) {
            Progress step = progress.get(piece);
            if (step != null) {
                Frames.progress(frames, step);
            } else {
                int begin = piece == 1 ? 0 : ends[piece - 2];
                Frames.token(frames, EventSequence.said(epoch, piece), text.subSequence(begin, ends[piece - 1]));
            }
        }
        return Buffer.buffer(frames.toString());
    }
}
