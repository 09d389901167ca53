package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.job.Json;
import dev.longshore.cli.server.Fault;
import dev.longshore.cli.show.Harmless;
import dev.longshore.cli.show.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A refusal in words.
final class Complaint {
    /// Told in other ways, or for programs alone.
    private static final Set<String> TOLD = Set.of("suggestion", "errors");

    private Complaint() {}

    /// The message, then a line for each thing that helps.
    ///
    /// @param keyHint what is known of why there is no key
    static List<String> lines(Fault fault, String keyHint) {
        List<String> lines = new ArrayList<>();
        JsonNode error = fault.error();
        if (error == null) {
            lines.add("the server answered " + fault.status() + ", and not in Longshore's words");
            add(lines, "answer", Harmless.line(fault.text()));
            add(lines, "request id", fault.requestId());
            return lines;
        }
        lines.add(Harmless.line(error.path("message").asText("the server refused")));
        add(lines, "field", fault.param());
        JsonNode details = error.path("details");
        JsonNode errors = details.path("errors");
        // The first of them is the message.
        for (int i = 1; i < errors.size(); i++) {
            add(
                    lines,
                    "also",
                    errors.get(i).path("pointer").asText("") + ": "
                            + errors.get(i).path("message").asText(""));
        }
        details.properties().forEach(detail -> {
            if (!TOLD.contains(detail.getKey()) && !detail.getValue().isNull()) {
                JsonNode value = detail.getValue();
                add(lines, detail.getKey().replace('_', ' '), value.isValueNode() ? value.asText() : Json.line(value));
            }
        });
        add(lines, "suggestion", suggestion(fault, details.path("suggestion").asText(""), keyHint));
        fault.retryAfter().ifPresent(after -> add(lines, "again after", Times.words(after)));
        add(lines, "code", fault.code() + " (HTTP " + fault.status() + ")");
        add(lines, "request id", fault.requestId());
        add(lines, "trace id", error.path("trace_id").asText(""));
        return lines;
    }

    /// The server's own, or what this program knows that the server cannot.
    private static String suggestion(Fault fault, String given, String keyHint) {
        if (!given.isEmpty()) {
            return given;
        }
        if (fault.status() == 401) {
            return keyHint.isEmpty() ? "give a valid key with LONGSHORE_API_KEY or --api-key" : keyHint;
        }
        return "";
    }

    private static void add(List<String> lines, String name, String value) {
        if (!value.isBlank()) {
            lines.add("  %-11s %s".formatted(Harmless.line(name), Harmless.line(value)));
        }
    }
}
