package dev.longshore.cli.commands;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A time as people type it: `2026-11-21T08:00:00Z`, or a span such as `2h` away from now.
sealed interface Moment {
    record At(Instant time) implements Moment {}

    record Away(Span span) implements Moment {}

    /// As the API takes it.
    ///
    /// @param sign -1 when a span means ago, 1 when it means from now on
    default String text(Instant now, int sign) {
        return switch (this) {
            case At(var time) -> time.toString();
            case Away(var span) ->
                now.plus(span.duration().multipliedBy(sign))
                        .truncatedTo(ChronoUnit.MILLIS)
                        .toString();
        };
    }

    static Moment of(String text) {
        try {
            return text.contains("T") ? new At(OffsetDateTime.parse(text).toInstant()) : new Away(Span.of(text));
        } catch (DateTimeParseException | TypeConversionException _) {
            throw new TypeConversionException(
                    "'" + text + "' is no time: write 2026-11-21T08:00:00Z, or a span such as 90s, 5m, 2h, 7d");
        }
    }

    /// For picocli.
    final class Converter implements ITypeConverter<Moment> {
        @Override
        public Moment convert(String text) {
            return of(text);
        }
    }
}
