package dev.longshore.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/// Reads a time: a whole number with `ms`, `s`, `m`, `h` or `d`, or the ISO-8601 form. A number without a unit is
/// refused, because nobody can tell what was meant.
public final class DurationConverter implements Converter<Duration> {

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");

    /// So that a time can be counted in nanoseconds and added to any other.
    private static final Duration LONGEST = Duration.ofDays(36_500);

    @Override
    public Duration convert(String text) {
        return read(text);
    }

    /// @throws IllegalArgumentException if the text is no time
    static Duration read(String text) {
        var time = parse(text.strip());
        if (time.abs().compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("not a time below 100 years");
        }
        return time;
    }

    private static Duration parse(String trimmed) {
        var amount = AMOUNT.matcher(trimmed.toLowerCase(Locale.ROOT));
        if (amount.matches()) {
            var number = Long.parseLong(amount.group(1));
            return switch (amount.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
        }
        try {
            return Duration.parse(trimmed);
        } catch (DateTimeParseException _) {
            throw new IllegalArgumentException("not a time such as 200ms, 5s, 5m, 24h or 30d");
        }
    }
}
