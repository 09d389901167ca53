package dev.longshore.cli.show;

import java.time.Duration;
import java.time.Instant;

/// Spans of time in few words.
public final class Times {
    private Times() {}

    /// Such as `0.4 s`, `12 s`, `3 min 5 s`, `2 h 4 min`, `3 d 1 h`. What is negative is `0 s`: clocks differ.
    public static String words(Duration span) {
        if (span.isNegative() || span.isZero()) {
            return "0 s";
        }
        if (span.toSeconds() < 10 && span.toMillis() % 1000 >= 100) {
            return span.toSeconds() + "." + span.toMillis() % 1000 / 100 + " s";
        }
        if (span.toMinutes() < 1) {
            return span.toSeconds() + " s";
        }
        if (span.toHours() < 1) {
            return span.toMinutes() + " min" + rest(span.toSecondsPart(), " s");
        }
        return span.toDays() < 1
                ? span.toHours() + " h" + rest(span.toMinutesPart(), " min")
                : span.toDays() + " d" + rest(span.toHoursPart(), " h");
    }

    /// The span between two times in whole seconds.
    public static String between(Instant from, Instant to) {
        return words(Duration.ofSeconds(Duration.between(from, to).toSeconds()));
    }

    private static String rest(int number, String unit) {
        return number == 0 ? "" : " " + number + unit;
    }
}
