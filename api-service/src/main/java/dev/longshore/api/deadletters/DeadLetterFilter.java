package dev.longshore.api.deadletters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.request.Query;
import dev.longshore.job.JobId;
import dev.longshore.lane.Lane;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which dead letters are meant. What is null does not matter.
///
/// @param below only ids below this one
record DeadLetterFilter(
        @Nullable String operation,
        @Nullable Lane lane,
        @Nullable String errorCode,
        @Nullable Instant failedAfter,
        @Nullable Instant failedBefore,
        UUID below) {

    static final UUID HIGHEST = new UUID(-1, -1);
    private static final Set<String> FIELDS =
            Set.of("operation", "lane", "error_code", "failed_after", "failed_before");

    /// The filter of a list, whose query also has its limit and cursor.
    static DeadLetterFilter of(Query query) {
        Set<String> known = new HashSet<>(FIELDS);
        known.addAll(Set.of("limit", "after"));
        query.only(known, "");
        JobId after = query.choice("after", JobId::parse);
        return read(query, after == null ? HIGHEST : after.uuid());
    }

    /// The filter of an order, which stands in its body.
    static DeadLetterFilter of(JsonNode filter) {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        Query query = new Query("/filter", "field", fields);
        filter.properties().forEach(field -> {
            String name = field.getKey();
            if (field.getValue().isTextual() || !FIELDS.contains(name)) {
                fields.add(name, field.getValue().asText());
            } else if (!field.getValue().isNull()) {
                query.wrong(name, "must be a string");
            }
        });
        query.only(FIELDS, "");
        DeadLetterFilter read = read(query, HIGHEST);
        query.refuseIfAny();
        return read;
    }

    DeadLetterFilter below(UUID id) {
        return new DeadLetterFilter(operation, lane, errorCode, failedAfter, failedBefore, id);
    }

    private static DeadLetterFilter read(Query query, UUID below) {
        return new DeadLetterFilter(
                query.text("operation"),
                query.choice("lane", Lane::of),
                query.text("error_code"),
                query.time("failed_after"),
                query.time("failed_before"),
                below);
    }
}
