package dev.longshore.worker.provider;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How long a provider asks us to stay away: `retry-after-ms`, which some send beside the standard
/// header and which is finer, then `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3).
public final class RetryAfter {
    /// A provider that asks for more is asked again after this; the job's deadline ends the waiting in
    /// any case.
    public static final Duration LONGEST = Duration.ofHours(1);

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}(\\.\\d{1,18})?");
    private static final double MILLIS_PER_SECOND = 1000.0;

    private RetryAfter() {}

    /// @return null when the provider said nothing that can be understood
    public static @Nullable Duration in(MultiMap headers, Instant now) {
        String millis = headers.get("retry-after-ms");
        if (millis != null && NUMBER.matcher(millis.strip()).matches()) {
            return bounded(Duration.ofMillis((long) Math.ceil(Double.parseDouble(millis.strip()))));
        }
        String value = headers.get("retry-after");
        if (value == null) {
            return null;
        }
        if (NUMBER.matcher(value.strip()).matches()) {
            return bounded(Duration.ofMillis((long) Math.ceil(Double.parseDouble(value.strip()) * MILLIS_PER_SECOND)));
        }
        try {
            return bounded(Duration.between(sentAt(headers, now), date(value)));
        } catch (DateTimeException _) {
            return null;
        }
    }

    /// The provider's own time where it tells it, since its date is by its own clock, which may be wrong.
    private static Instant sentAt(MultiMap headers, Instant now) {
        String date = headers.get("date");
        try {
            return date == null ? now : date(date);
        } catch (DateTimeException _) {
            return now;
        }
    }

    private static Instant date(String value) {
        return ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }

    private static Duration bounded(Duration asked) {
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
