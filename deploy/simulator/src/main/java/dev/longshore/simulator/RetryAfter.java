package dev.longshore.simulator;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// The `Retry-After` header of a script: sent as it is written, except that `date:+5` means the HTTP date five
/// seconds from now (and `date:-60` a date in the past, as from a server whose clock is wrong).
final class RetryAfter {

    private static final String RELATIVE = "date:";

    private RetryAfter() {}

    static void check(String text) {
        if (text.startsWith(RELATIVE)) {
            seconds(text);
        }
    }

    static String render(String text, long nowMs) {
        if (!text.startsWith(RELATIVE)) {
            return text;
        }
        Instant at = Instant.ofEpochMilli(nowMs).plusSeconds(seconds(text));
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    /// The same as a time to wait, or null if it is nonsense.
    static @Nullable Long millis(String text) {
        try {
            long seconds = text.startsWith(RELATIVE) ? seconds(text) : Long.parseLong(text.strip());
            return Math.max(0, seconds * 1_000);
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private static long seconds(String text) {
        try {
            return Long.parseLong(text.substring(RELATIVE.length()));
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("retry_after is \"" + text + "\"; a relative date looks like date:+5");
        }
    }
}
