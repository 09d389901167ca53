package dev.longshore.cli.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static List<Frame> read(FrameReader reader, String text, int size) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<Frame> frames = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += size) {
            frames.addAll(reader.feed(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size))));
        }
        return frames;
    }

    private static List<Frame> read(String text) {
        return read(new FrameReader(), text, text.length() + 1);
    }

    @Test
    void theEndOfALineIsWrittenInThreeWays() {
        String text = "id: 1\nevent: token\ndata: {\"token\":\"é🍵\"}\n\nid:2\nevent:done\ndata:[DONE]\n\n";
        var expected = List.of(new Frame("1", "token", "{\"token\":\"é🍵\"}"), new Frame("2", "done", "[DONE]"));

        for (String end : List.of("\n", "\r\n", "\r")) {
            for (int size : List.of(1, 2, 3, 5, 7, 1000)) {
                assertThat(read(new FrameReader(), text.replace("\n", end), size))
                        .as(size + " " + end)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void linesOfDataAreJoinedAndOneBlankIsDropped() {
        assertThat(read("data:  a\ndata\ndata:b\n\n")).containsExactly(new Frame("", "message", " a\n\nb"));
    }

    @Test
    void commentsUnknownFieldsAndEmptyEventsAreNothing() {
        assertThat(read(": hello\n\n\n\nfoo: bar\n\nid: 5\n\n")).isEmpty();
    }

    @Test
    void anEventWithANameNeedsNoData() {
        assertThat(read("event: reset\n\n")).containsExactly(new Frame("", "reset", ""));
    }

    @Test
    void whatHasNoBlankLineBehindItIsNoEvent() {
        assertThat(read("data: a\n\ndata: b\n")).containsExactly(new Frame("", "message", "a"));
    }

    @Test
    void aNumberBelongsToItsEventAlone() {
        assertThat(read("id: 1\ndata: a\n\ndata: b\n\n")).extracting(Frame::id).containsExactly("1", "");
    }

    @Test
    void theTimeToStayAwayIsRead() {
        var reader = new FrameReader();
        assertThat(reader.retry()).isEmpty();
        read(reader, "retry: 1500\nretry: soon\n", 100);
        assertThat(reader.retry()).contains(Duration.ofMillis(1500));
    }
}
