package dev.longshore.api.catalogue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How long a model is there. Its days begin at midnight UTC.
///
/// @param deprecatedFrom the first day on which using it is warned of; null for never
/// @param shutdownAt the first day on which it is gone; null when none is known
/// @param successor the name of the model that comes after it; null when there is none
public record Lifetime(
        @Nullable LocalDate deprecatedFrom,
        @Nullable LocalDate shutdownAt,
        @Nullable String successor) {

    /// Where in its life a model is.
    public enum Stage {
        AVAILABLE,
        DEPRECATED,
        SHUT_DOWN;

        private final String word = name().toLowerCase(Locale.ROOT);

        /// The stage as callers see it.
        public String word() {
            return word;
        }
    }

    public Stage at(Instant now) {
        if (begun(shutdownAt, now)) {
            return Stage.SHUT_DOWN;
        }
        return begun(deprecatedFrom, now) ? Stage.DEPRECATED : Stage.AVAILABLE;
    }

    static boolean begun(@Nullable LocalDate day, Instant now) {
        return day != null && !now.isBefore(start(day));
    }

    static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
