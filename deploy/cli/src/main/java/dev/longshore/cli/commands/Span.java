package dev.longshore.cli.commands;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A span of time as people type it: `90`, `90s`, `5m`, `2h`, `7d`.
record Span(Duration duration) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd]?)");

    long seconds() {
        return duration.toSeconds();
    }

    static Span of(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is no span of time: write seconds, or a number with s, m, h or d (90, 5m, 2h)");
        }
        long number = Long.parseLong(form.group(1));
        return new Span(
                switch (form.group(2)) {
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    case "d" -> Duration.ofDays(number);
                    default -> Duration.ofSeconds(number);
                });
    }

    static final class Converter implements ITypeConverter<Span> {
        @Override
        public Span convert(String text) {
            return of(text);
        }
    }
}
