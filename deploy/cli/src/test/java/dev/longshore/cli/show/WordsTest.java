package dev.longshore.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "PT-5S,0 s",
        "PT0S,0 s",
        "PT0.04S,0 s",
        "PT0.45S,0.4 s",
        "PT9.99S,9.9 s",
        "PT9S,9 s",
        "PT12.9S,12 s",
        "PT60S,1 min",
        "PT185S,3 min 5 s",
        "PT2H4M9S,2 h 4 min",
        "PT24H,1 d",
        "PT49H,2 d 1 h"
    })
    void spansAreToldInFewWords(Duration span, String words) {
        assertThat(Times.words(span)).isEqualTo(words);
    }

    @Test
    void aTableIsAsWideAsItsCellsAndCutWhereTheScreenEnds() {
        var table = new Table("A", "STATUS", "TEXT");
        table.row("long cell", "complete", "a\nb\tc");
        table.row(null, "", "one two three four five");

        assertThat(table.lines(Paint.PLAIN, 0))
                .containsExactly(
                        "A          STATUS    TEXT",
                        "long cell  complete  a b c",
                        "-          -         one two three four five");
        assertThat(table.lines(Paint.PLAIN, 35).getLast())
                .isEqualTo("-          -         one two three…")
                .hasSize(35);
        assertThat(table.lines(Paint.COLOUR, 0).get(1)).isEqualTo("long cell  \u001b[32mcomplete\u001b[0m  a b c");
    }

    @Test
    void aFootprintKnowsHowManyRowsToGoUp() {
        var footprint = new Footprint(10, 24);
        footprint.add("0123456789");
        assertThat(footprint.wiping()).isEqualTo("\r\u001b[J");
        footprint.add("x\n\ty");
        assertThat(footprint.wiping()).isEqualTo("\r\u001b[2A\u001b[J");
        assertThat(footprint.isWipeable()).isTrue();
    }

    @Test
    void aFootprintDoesNotGuess() {
        var tooLong = new Footprint(10, 3);
        tooLong.add("\n\n\n");
        assertThat(tooLong.isWipeable()).isFalse();
        var wide = new Footprint(10, 24);
        wide.add("茶");
        assertThat(wide.isWipeable()).isFalse();
    }

    @Test
    void textIsHarmlessAndOtherwiseAsItWas() {
        assertThat(Harmless.text("é茶🍵\n\t\u001b[1m\r\u0000\u007f\u009b\u2066"))
                .isEqualTo("é茶🍵\n\t␛[1m␍␀␡\ufffd\ufffd");
        assertThat(Harmless.line("  a\r\n b ")).isEqualTo("a b");
    }
}
