package dev.longshore.simulator;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/// A body of any length that never is in memory as a whole: a frame in which one mark stands for the long text.
final class HugeBody implements Exchange.Source {

    static final String MARK = "\u00a4huge\u00a4";

    private static final int PIECE = 64 << 10;
    private static final Buffer FILLING =
            Buffer.buffer("paper ".repeat(PIECE / 6 + 1)).slice(0, PIECE);

    private final Buffer before;
    private final Buffer behind;
    private final long length;
    private long left;
    private int part;

    HugeBody(String frame, long bytes) {
        int mark = frame.indexOf(MARK);
        this.before = Buffer.buffer(frame.substring(0, mark));
        this.behind = Buffer.buffer(frame.substring(mark + MARK.length()));
        this.length = before.length() + bytes + behind.length();
        this.left = bytes;
    }

    /// The length of the whole body in bytes.
    long length() {
        return length;
    }

    @Override
    public @Nullable Buffer next() {
        if (part == 0) {
            part = 1;
            return before.copy();
        }
        if (left > 0) {
            int size = (int) Math.min(left, PIECE);
            left -= size;
            return FILLING.slice(0, size).copy();
        }
        return part++ == 1 ? behind.copy() : null;
    }
}
