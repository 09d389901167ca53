package dev.longshore.worker.provider;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Takes a stream of server-sent events apart, whatever the pieces it comes in, by the rules of the WHATWG (HTML
/// Standard, "Interpreting an event stream"). In one thing it is stricter: after a byte that is no UTF-8 nothing is
/// read any more, as in any other answer. What comes after the last blank line is no event.
final class SseParser {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /// The line that is not over yet. Lines are cut as bytes: no character of UTF-8 has the end of a line in it.
    private byte[] line = new byte[512];

    private int length;
    private boolean firstLine = true;

    /// A line feed right after a carriage return belongs to it, and may come with the next piece.
    private boolean afterCarriageReturn;

    private boolean valid = true;
    private final StringBuilder data = new StringBuilder();
    private String type = "";

    /// @return the events that are whole with this piece
    List<SseEvent> feed(byte[] piece) {
        List<SseEvent> whole = new ArrayList<>();
        for (byte next : piece) {
            if (!valid) {
                return whole;
            }
            if (next == '\n' && afterCarriageReturn) {
                afterCarriageReturn = false;
            } else if (next == '\n' || next == '\r') {
                afterCarriageReturn = next == '\r';
                endOfLine(whole);
            } else {
                afterCarriageReturn = false;
                if (length == line.length) {
                    line = Arrays.copyOf(line, 2 * length);
                }
                line[length++] = next;
            }
        }
        return whole;
    }

    /// Whether all of it was UTF-8 so far.
    boolean isValid() {
        return valid;
    }

    private void endOfLine(List<SseEvent> whole) {
        int start = firstLine
                        && length >= BYTE_ORDER_MARK.length
                        && Arrays.equals(line, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length)
                ? BYTE_ORDER_MARK.length
                : 0;
        firstLine = false;
        ByteBuffer bytes = ByteBuffer.wrap(line, start, length - start);
        length = 0;
        if (!bytes.hasRemaining()) {
            endOfEvent(whole);
            return;
        }
        try {
            field(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException _) {
            valid = false;
        }
    }

    private void field(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        String bare = value.startsWith(" ") ? value.substring(1) : value;
        switch (name) {
            case "data" -> data.append(bare).append('\n');
            case "event" -> type = bare;
            default -> {
                // A comment, or a field that matters to those who would connect again.
            }
        }
    }

    private void endOfEvent(List<SseEvent> whole) {
        if (!data.isEmpty()) {
            whole.add(new SseEvent(type, data.substring(0, data.length() - 1)));
        }
        data.setLength(0);
        type = "";
    }
}
