package dev.longshore.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.testing.chance.Seeded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Examples from the HTML Standard, and what providers send.
class SseParserTest {
    private static final int CASES = 3_000;

    private static String told(List<SseEvent> events) {
        return events.stream().map(event -> event.type() + "=" + event.data()).collect(Collectors.joining(";"));
    }

    private static String parse(byte[]... pieces) {
        SseParser parser = new SseParser();
        List<SseEvent> all = new ArrayList<>();
        for (byte[] piece : pieces) {
            all.addAll(parser.feed(piece));
        }
        return told(all);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// `/` stands for the end of a line, `\` for a carriage return, `^` for a byte order mark.
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
                    data: one//                          | =one
                    data: one\\/\\/                      | =one
                    data: one\\\\                        | =one
                    data:one//data:  two//               | =one;= two
                    event: ping/data: {}//data: x//      | ping={};=x
                    data: a/data: b/data//               | '=a,b,'
                    data//data/data//data:               | '=;=,'
                    : a comment/data: x/: another//      | =x
                    id: 1/retry: 10/data: x/colour: red// | =x
                    event: nothing//data: x//            | =x
                    ^data: x//                           | =x
                    ^^data: x//                          | ''
                    data: ^x//                           | =^x
                    data: ünï😀//                        | =ünï😀
                    data: x                              | ''
                    data: x/                             | ''
                    //////data: x//////                  | =x
                    data: x: y//                         | =x: y
                    """)
    void aStreamIsTakenApartAsTheStandardSays(String stream, String events) {
        String sent = stream.replace('/', '\n').replace('\\', '\r').replace('^', '\uFEFF');
        String expected = events.replace('^', '\uFEFF').replace(',', '\n');
        assertThat(parse(utf8(sent))).isEqualTo(expected);
        byte[] bytes = utf8(sent);
        byte[][] each = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            each[i] = new byte[] {bytes[i]};
        }
        assertThat(parse(each)).as("byte by byte").isEqualTo(expected);
    }

    @Test
    void thePiecesItComesInDoNotMatter() {
        Seeded.check("the pieces that a stream comes in do not matter", CASES, random -> {
            StringBuilder sent = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
            List<SseEvent> expected = new ArrayList<>();
            String end = List.of("\n", "\r", "\r\n").get(random.nextInt(3));
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                String type = random.nextBoolean() ? "" : "type-" + i;
                List<String> lines = new ArrayList<>();
                for (int j = 0; j < 1 + random.nextInt(3); j++) {
                    lines.add(words(random));
                }
                if (!type.isEmpty()) {
                    sent.append("event: ").append(type).append(end);
                }
                lines.forEach(line -> sent.append("data: ").append(line).append(end));
                sent.append(random.nextBoolean() ? ": ping" + end : "").append(end);
                expected.add(new SseEvent(type, String.join("\n", lines)));
            }
            byte[] bytes = utf8(sent.toString());
            SseParser parser = new SseParser();
            List<SseEvent> read = new ArrayList<>();
            int from = 0;
            while (from < bytes.length) {
                int to = Math.min(bytes.length, from + 1 + random.nextInt(7));
                read.addAll(parser.feed(Arrays.copyOfRange(bytes, from, to)));
                from = to;
            }
            assertThat(read).as(sent.toString()).isEqualTo(expected);
        });
    }

    @Test
    void aByteThatIsNoCharacterIsSeen() {
        byte[] stream = utf8("data: one\n\ndata: x\n\ndata: two\n\n");
        stream[17] = (byte) 0xff;
        SseParser parser = new SseParser();
        assertThat(told(parser.feed(stream))).isEqualTo("=one");
        assertThat(parser.isValid()).isFalse();
        assertThat(parser.feed(utf8("data: three\n\n"))).isEmpty();
    }

    @Test
    void aLineMayBeLong() {
        String line = "long ".repeat(100_000);
        assertThat(parse(utf8("data: " + line), utf8("\n\n"))).isEqualTo("=" + line);
    }

    private static String words(Random random) {
        List<String> some =
                List.of("", "x", "{\"a\":\"b\"}", "ünï", "😀 smile", "data: in data", ": no comment", " spaced ");
        return some.get(random.nextInt(some.size())) + some.get(random.nextInt(some.size()));
    }
}
