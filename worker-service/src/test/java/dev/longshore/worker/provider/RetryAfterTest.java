package dev.longshore.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.testing.chance.Seeded;
import io.vertx.core.MultiMap;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private static MultiMap headers(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    0,                             PT0S
                    1,                             PT1S
                    1.5,                           PT1.5S
                    0.0004,                        PT0.001S
                    ' 20 ',                        PT20S
                    3600,                          PT1H
                    3601,                          PT1H
                    999999999999999999,            PT1H
                    'Fri, 20 Nov 2026 12:00:30 GMT', PT30S
                    'Fri, 20 Nov 2026 11:59:30 GMT', PT0S
                    'Sat, 20 Nov 2027 12:00:00 GMT', PT1H
                    """)
    void whatIsAskedIsUnderstoodAndBounded(String value, Duration expected) {
        assertThat(RetryAfter.in(headers("Retry-After", value), NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"''", "soon", "-1", "1e9", "NaN", "0x10", "12:00", "'1,5'", "'Fri, 31 Feb 2026 12:00:30 GMT'"})
    void whatCannotBeUnderstoodIsNothing(String value) {
        assertThat(RetryAfter.in(headers("retry-after", value), NOW)).isNull();
        assertThat(RetryAfter.in(headers("retry-after-ms", value), NOW)).isNull();
    }

    @Test
    void nothingSaidIsNothing() {
        assertThat(RetryAfter.in(headers("x-request-id", "1"), NOW)).isNull();
    }

    @Test
    void theFinerHeaderIsPreferred() {
        assertThat(RetryAfter.in(headers("retry-after", "2", "Retry-After-Ms", "1234.5"), NOW))
                .isEqualTo(Duration.ofMillis(1235));
    }

    @Test
    void garbageInTheFinerHeaderDoesNotHideTheOther() {
        assertThat(RetryAfter.in(headers("retry-after", "2", "retry-after-ms", "soon"), NOW))
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void millisecondsAreBoundedToo() {
        assertThat(RetryAfter.in(headers("retry-after-ms", "99999999999"), NOW)).isEqualTo(RetryAfter.LONGEST);
    }

    @Test
    void aDateIsReadByTheClockOfWhoSaidIt() {
        // The provider's clock is three hours ahead.
        assertThat(RetryAfter.in(
                        headers(
                                "date", "Fri, 20 Nov 2026 15:00:00 GMT",
                                "retry-after", "Fri, 20 Nov 2026 15:00:07 GMT"),
                        NOW))
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aDateHeaderThatIsNoneIsNoClock() {
        assertThat(RetryAfter.in(headers("date", "today", "retry-after", "Fri, 20 Nov 2026 12:00:07 GMT"), NOW))
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void secondsAreReadToTheMillisecondAndBounded() {
        Seeded.check("seconds are read to the millisecond and bounded", 5_000, random -> {
            BigDecimal seconds = random.nextInt(5) == 0
                    ? new BigDecimal(random.nextLong(1_000_000_000_000_000_000L))
                    : BigDecimal.valueOf(random.nextLong(5_000_000_000L), random.nextInt(10));
            BigDecimal millis = seconds.movePointRight(3)
                    .setScale(0, RoundingMode.CEILING)
                    .min(BigDecimal.valueOf(RetryAfter.LONGEST.toMillis()));

            Duration asked = RetryAfter.in(headers("retry-after", seconds.toPlainString()), NOW);

            // Read as a binary fraction, so that it may be one more than the decimals say; never less.
            assertThat(asked).isNotNull();
            assertThat(asked.toMillis() - millis.longValueExact())
                    .as(seconds.toPlainString())
                    .isBetween(0L, 1L);
        });
    }

    @Test
    void aDateIsAsFarAwayAsItsSenderSaysWhateverOurClockSays() {
        Seeded.check("a date is as far away as its sender says, whatever our clock says", 5_000, random -> {
            Instant theirs = NOW.plusSeconds(random.nextInt(2_000_000) - 1_000_000L);
            long away = random.nextInt(10_000) - 2_000L;

            Duration asked =
                    RetryAfter.in(headers("date", http(theirs), "retry-after", http(theirs.plusSeconds(away))), NOW);

            assertThat(asked).isEqualTo(Duration.ofSeconds(Math.clamp(away, 0, 3_600)));
        });
    }

    private static String http(Instant moment) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(moment.atZone(ZoneOffset.UTC));
    }
}
