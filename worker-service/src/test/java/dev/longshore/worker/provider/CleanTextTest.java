package dev.longshore.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CleanTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "The model is overloaded.",
                "Incorrect API key provided.",
                "Your key expired yesterday; the bearer of it may ask for another.",
                "you asked for 20 tokens, which is too risk-averse",
                "Größe überschritten 🙂 数据",
            })
    void ordinaryWordsAreLeftAlone(String words) {
        assertThat(CleanText.of(words)).isEqualTo(words);
    }

    @Test
    void controlCharactersBecomeSpacesAndTheEndsAreTrimmed() {
        assertThat(CleanText.of("\u0000\r\n a\u0000b\tc\u0085d \u001b\n")).isEqualTo("a b c d");
    }

    @Test
    void brokenSurrogatesBecomeSpacesAndWholeOnesStay() {
        assertThat(CleanText.of("a\ud83db\ude42c\ud83d\ude42")).isEqualTo("a b c\ud83d\ude42");
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        String clean = CleanText.of("🙂".repeat(5_000));
        assertThat(clean.codePointCount(0, clean.length())).isEqualTo(CleanText.LONGEST);
        assertThat(clean).isEqualTo("🙂".repeat(CleanText.LONGEST));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    Incorrect API key provided: sk-proj-abc_DEF-12345. You can find…, Incorrect API key provided: sk-*** You can find…
                    key-0123456789abcdef is revoked,                                  key-*** is revoked
                    'Authorization: Bearer eyJhbGciOi.J9+/x=',                        'Authorization: Bearer ***'
                    'bearer\tABCDEFGHIJ was refused',                                 'bearer *** was refused'
                    no such key AIzaSyA-1234567890_abcdef,                            no such key AIza***
                    gsk_0123456789 or xai-0123456789,                                 gsk_*** or xai-***
                    pk_live_51H and rk_live_51Hxyz,                                   pk_*** and rk_***
                    """)
    void keysAreMasked(String words, String expected) {
        assertThat(CleanText.of(words)).isEqualTo(expected);
    }

    @Test
    void aKeyIsNotLaidBareByTheCut() {
        for (int at = CleanText.LONGEST - 60; at <= CleanText.LONGEST; at++) {
            String clean = CleanText.of(" ".repeat(3) + "x".repeat(at - 4) + " sk-proj-0123456789secret0123456789");
            assertThat(clean).doesNotContain("0").hasSizeLessThanOrEqualTo(CleanText.LONGEST);
        }
    }

    @Test
    void nothingStaysNothing() {
        assertThat(CleanText.of("")).isEmpty();
        assertThat(CleanText.of("\n\u0000 ")).isEmpty();
    }
}
