package dev.longshore.cli.events;

import dev.longshore.cli.server.NotReached;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes a stream of server-sent events apart, whatever the pieces it comes in, by the rules of the WHATWG (HTML
/// Standard, "Interpreting an event stream"). In one thing it is more lenient: an event that has a name needs no data.
/// What comes after the last blank line is no event.
final class FrameReader {
    /// Far beyond any result that a server keeps; a line that does not end must not fill the memory.
    static final int LONGEST_FRAME = 64 * 1024 * 1024;

    private static final String BYTE_ORDER_MARK = "\ufeff";

    // Lines are cut as bytes, and only whole ones are decoded: a character may be split over two pieces.
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private boolean firstLine = true;
    private boolean hasData;
    private boolean afterCarriageReturn;
    private String name = "";
    private String id = "";
    private Optional<Duration> retry = Optional.empty();

    /// @return the events that are whole with this piece
    /// @throws NotReached when one grows beyond all measure
    List<Frame> feed(byte[] piece) {
        List<Frame> whole = new ArrayList<>();
        for (byte next : piece) {
            if (next == '\n' && afterCarriageReturn) {
                afterCarriageReturn = false;
            } else if (next == '\n' || next == '\r') {
                afterCarriageReturn = next == '\r';
                endOfLine(whole);
            } else {
                afterCarriageReturn = false;
                line.write(next);
                if (line.size() + data.length() > LONGEST_FRAME) {
                    throw NotReached.because("an event of the stream is longer than " + LONGEST_FRAME + " bytes", true);
                }
            }
        }
        return whole;
    }

    /// How long the server wants to be left alone after a break, where it has said so.
    Optional<Duration> retry() {
        return retry;
    }

    private void endOfLine(List<Frame> whole) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (firstLine && text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
        firstLine = false;
        if (text.isEmpty()) {
            endOfEvent(whole);
            return;
        }
        int colon = text.indexOf(':');
        String value = colon < 0 ? "" : text.substring(colon + 1);
        field(colon < 0 ? text : text.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
    }

    private void field(String field, String value) {
        switch (field) {
            case "data" -> {
                data.append(hasData ? "\n" : "").append(value);
                hasData = true;
            }
            case "event" -> name = value;
            case "id" -> id = value.indexOf('\0') < 0 ? value : id;
            case "retry" -> {
                if (value.matches("[0-9]{1,9}")) {
                    retry = Optional.of(Duration.ofMillis(Long.parseLong(value)));
                }
            }
            default -> {
                // A comment, which keeps the connection open, or a field that is not known yet.
            }
        }
    }

    private void endOfEvent(List<Frame> whole) {
        if (hasData || !name.isEmpty()) {
            whole.add(new Frame(id, name.isEmpty() ? "message" : name, data.toString()));
        }
        data.setLength(0);
        hasData = false;
        name = "";
        id = "";
    }
}
