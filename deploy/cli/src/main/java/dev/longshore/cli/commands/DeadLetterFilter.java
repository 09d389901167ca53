package dev.longshore.cli.commands;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which dead letters are meant.
final class DeadLetterFilter {
    @Option(names = "--operation", paramLabel = "NAME", description = "Such as chat.")
    @Nullable
    String operation;

    @Option(names = "--lane", paramLabel = "LANE", description = "interactive, standard or batch.")
    @Nullable
    String lane;

    @Option(names = "--error-code", paramLabel = "CODE", description = "Such as PROVIDER_UNAVAILABLE.")
    @Nullable
    String errorCode;

    @Option(
            names = "--failed-after",
            paramLabel = "TIME",
            converter = Moment.Converter.class,
            description = "A time (2026-11-21T08:00:00Z), or how long ago (2h).")
    @Nullable
    Moment failedAfter;

    @Option(
            names = "--failed-before",
            paramLabel = "TIME",
            converter = Moment.Converter.class,
            description = "Likewise.")
    @Nullable
    Moment failedBefore;

    /// By the names that the API has for the fields; only those that were given.
    Map<String, String> fields(Instant now) {
        Map<String, String> fields = new LinkedHashMap<>();
        put(fields, "operation", operation);
        put(fields, "lane", lane);
        put(fields, "error_code", errorCode);
        put(fields, "failed_after", failedAfter == null ? null : failedAfter.text(now, -1));
        put(fields, "failed_before", failedBefore == null ? null : failedBefore.text(now, -1));
        return fields;
    }

    private static void put(Map<String, String> fields, String name, @Nullable String value) {
        if (value != null) {
            fields.put(name, value);
        }
    }
}
