package dev.longshore.simulator;

import io.vertx.core.buffer.Buffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A body of any length that never is in memory as a whole: a frame in which each mark stands for the long text.
final class HugeBody implements Exchange.Source {

    static final String MARK = "\u00a4huge\u00a4";

    private static final int PIECE = 64 << 10;
    private static final Buffer FILLING =
            Buffer.buffer("paper ".repeat(PIECE / 6 + 1)).slice(0, PIECE);

    private final Buffer[] frame;
    private final long bytes;
    private final long length;
    private long left;
    private int part;

    HugeBody(String frame, long bytes) {
        this.frame = Pattern.compile(MARK, Pattern.LITERAL)
                .splitAsStream(frame)
                .map(Buffer::buffer)
                .toArray(Buffer[]::new);
        long framed = 0;
        for (Buffer buffer : this.frame) {
            framed += buffer.length();
        }
        this.bytes = bytes;
        this.length = framed + bytes * (this.frame.length - 1);
    }

    /// The long text by itself, for whoever must have it in memory.
    static String text(long bytes) {
        return "paper ".repeat((int) (bytes / 6 + 1)).substring(0, (int) bytes);
    }

    /// The length of the whole body in bytes.
    long length() {
        return length;
    }

    @Override
    public @Nullable Buffer next() {
        if (left > 0) {
            int size = (int) Math.min(left, PIECE);
            left -= size;
            return FILLING.slice(0, size).copy();
        }
        if (part == frame.length) {
            return null;
        }
        Buffer piece = frame[part++].copy();
        left = part < frame.length ? bytes : 0;
        return piece;
    }
}
