package dev.longshore.webhook;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How long a receiver asks to be left alone: `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3).
final class AskedDelay {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private AskedDelay() {}

    /// @return null when it said nothing that can be understood; never negative
    static @Nullable Duration in(MultiMap headers, Instant now) {
        String value = headers.get("retry-after");
        if (value == null) {
            return null;
        }
        if (SECONDS.matcher(value.strip()).matches()) {
            return Duration.ofSeconds(Long.parseLong(value.strip()));
        }
        try {
            // By the receiver's own clock where it tells its time, since its date is by that.
            String date = headers.get("date");
            Duration asked = Duration.between(date == null ? now : instant(date), instant(value));
            return asked.isNegative() ? Duration.ZERO : asked;
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static Instant instant(String date) {
        return ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }
}
