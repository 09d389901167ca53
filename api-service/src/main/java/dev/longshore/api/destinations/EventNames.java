package dev.longshore.api.destinations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.request.Fields;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The events that can be asked for, in the order in which they are listed to callers.
public final class EventNames {
    /// What can happen to one job.
    public static final List<String> OF_A_JOB = List.of(
            "job.queued",
            "job.processing",
            "job.progress",
            "job.awaiting_review",
            "job.complete",
            "job.failed",
            "job.cancelled");

    /// All that an endpoint can hear of.
    public static final List<String> ALL = List.of(
            "job.queued",
            "job.processing",
            "job.progress",
            "job.awaiting_review",
            "job.complete",
            "job.failed",
            "job.cancelled",
            "batch.complete",
            "batch.failed",
            "batch.cancelled",
            "batch.expired",
            "budget.threshold");

    /// What is told to those who do not say: that somebody has to look, and how it ended.
    public static final List<String> USUAL =
            List.of("job.complete", "job.failed", "job.cancelled", "job.awaiting_review");

    private EventNames() {}

    /// Reads the field `events`, noting what is wrong.
    ///
    /// @param known one of the lists above
    /// @return each once; null when the field is absent or wrong
    public static @Nullable List<String> read(Fields fields, List<String> known) {
        JsonNode events = fields.get("events");
        if (events == null) {
            return null;
        }
        Set<String> names = new LinkedHashSet<>();
        boolean right = events.isArray() && !events.isEmpty();
        for (JsonNode event : events) {
            right &= event.isTextual() && known.contains(event.textValue());
            if (right) {
                names.add(event.textValue());
            }
        }
        if (!right) {
            fields.wrong("events", "must be a list of one or more of " + String.join(", ", known));
            return null;
        }
        return List.copyOf(names);
    }
}
