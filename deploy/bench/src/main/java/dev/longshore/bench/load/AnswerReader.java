package dev.longshore.bench.load;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Cuts the bytes that come over one connection into answers, one at a time. It reads no more of an answer
/// than it takes to find its end.
final class AnswerReader {
    private static final String HEAD_END = "\r\n\r\n";
    private static final int UNKNOWN = -1;
    private static final int CHUNKED = -2;
    private static final int UNTIL_CLOSE = -3;

    private Buffer bytes = Buffer.buffer();
    private int bodyStart = UNKNOWN;
    private int length = UNKNOWN;
    private int status;
    private boolean last;

    /// Takes what has come.
    ///
    /// @return whether the answer is whole now
    /// @throws IllegalArgumentException when it is no answer in HTTP/1.1
    boolean take(Buffer piece) {
        bytes = bytes.length() == 0 ? piece : bytes.appendBuffer(piece);
        if (bodyStart == UNKNOWN && !readHead()) {
            return false;
        }
        return switch (length) {
            case CHUNKED -> chunksEnd() != UNKNOWN;
            case UNTIL_CLOSE -> false;
            default -> bytes.length() >= bodyStart + length;
        };
    }

    /// The connection was closed by the other side.
    ///
    /// @return whether that makes the answer whole
    boolean close() {
        last = true;
        return length == UNTIL_CLOSE;
    }

    /// Makes ready for the next answer.
    void next() {
        bytes = Buffer.buffer();
        bodyStart = UNKNOWN;
        length = UNKNOWN;
    }

    int status() {
        return status;
    }

    /// Whether the other side closes the connection after this answer.
    boolean isLast() {
        return last;
    }

    /// Head and body as they came.
    String text() {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private boolean readHead() {
        String text = bytes.getString(0, bytes.length(), "ISO-8859-1");
        int end = text.indexOf(HEAD_END);
        if (end < 0) {
            return false;
        }
        if (!text.startsWith("HTTP/1.") || text.length() < 12) {
            throw new IllegalArgumentException("no answer in HTTP/1.1: " + text.substring(0, Math.min(80, end)));
        }
        status = Integer.parseInt(text, 9, 12, 10);
        if (status < 200) {
            // Interim: the answer itself follows.
            bytes = bytes.getBuffer(end + HEAD_END.length(), bytes.length());
            return bytes.length() > 0 && readHead();
        }
        String head = text.substring(0, end).toLowerCase(Locale.ROOT);
        bodyStart = end + HEAD_END.length();
        last = head.contains("\r\nconnection: close");
        length = length(head);
        return true;
    }

    private int length(String head) {
        if (status == 204 || status == 304) {
            return 0;
        }
        if (head.contains("\r\ntransfer-encoding: chunked")) {
            return CHUNKED;
        }
        int at = head.indexOf("\r\ncontent-length:");
        if (at < 0) {
            return UNTIL_CLOSE;
        }
        int from = at + "\r\ncontent-length:".length();
        int lineEnd = head.indexOf("\r\n", from);
        return Integer.parseInt(
                head.substring(from, lineEnd < 0 ? head.length() : lineEnd).strip());
    }

    /// Where the last chunk ends; unknown while it has not come.
    private int chunksEnd() {
        String text = text();
        int at = bodyStart;
        while (true) {
            int lineEnd = text.indexOf("\r\n", at);
            if (lineEnd < 0) {
                return UNKNOWN;
            }
            int extension = text.indexOf(';', at);
            int sizeEnd = extension >= 0 && extension < lineEnd ? extension : lineEnd;
            int size = Integer.parseInt(text.substring(at, sizeEnd).strip(), 16);
            if (size == 0) {
                int end = text.startsWith("\r\n", lineEnd + 2) ? lineEnd + 4 : text.indexOf(HEAD_END, lineEnd);
                return end >= 0 && end <= text.length() ? end : UNKNOWN;
            }
            at = lineEnd + 2 + size + 2;
            if (at > text.length()) {
                return UNKNOWN;
            }
        }
    }
}
