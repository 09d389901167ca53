package dev.longshore.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
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
}
