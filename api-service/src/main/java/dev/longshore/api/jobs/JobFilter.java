package dev.longshore.api.jobs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.api.request.Query;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.lane.Lane;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which jobs a list shall have. What is null does not matter.
///
/// @param labels JSON that the job's labels must contain
/// @param below only ids below this one
/// @param from only this id and those above
/// @param inBatch whether a batch was named; no job belongs to one that this service does not know
record JobFilter(
        @Nullable JobStatus status,
        @Nullable Lane lane,
        @Nullable String operation,
        @Nullable Integer version,
        @Nullable String labels,
        UUID below,
        UUID from,
        boolean inBatch,
        int limit) {

    private static final UUID LOWEST = new UUID(0, 0);
    private static final UUID HIGHEST = new UUID(-1, -1);
    private static final String LABEL = "label.";
    private static final Set<String> PARAMETERS =
            Set.of("status", "lane", "operation", "batch_id", "created_after", "created_before", "limit", "after");

    static JobFilter of(Query query) {
        query.only(PARAMETERS, LABEL);
        JobStatus status = query.choice("status", JobStatus::of);
        Lane lane = query.choice("lane", Lane::of);
        String operation = query.text("operation");
        Integer version = null;
        if (operation != null) {
            int at = operation.indexOf('@');
            if (at >= 0) {
                String number = operation.substring(at + 1);
                if (!number.matches("[0-9]{1,9}")) {
                    query.wrong("operation", "must be a name such as chat or chat@1");
                } else {
                    version = Integer.valueOf(number);
                }
                operation = operation.substring(0, at);
            }
        }
        ObjectNode labels = JsonNodeFactory.instance.objectNode();
        query.startingWith(LABEL).forEach(labels::put);
        Instant after = query.time("created_after");
        Instant before = query.time("created_before");
        JobId cursor = query.choice("after", JobId::parse);
        int limit = query.limit();
        query.refuseIfAny();
        UUID below = before == null ? HIGHEST : JobId.lowestAt(before);
        if (cursor != null && new JobId(below).compareTo(cursor) > 0) {
            below = cursor.uuid();
        }
        return new JobFilter(
                status,
                lane,
                operation,
                version,
                labels.isEmpty() ? null : labels.toString(),
                below,
                // Ids know milliseconds, so "after" begins with the next one.
                after == null ? LOWEST : JobId.lowestAt(after.plusMillis(1)),
                query.text("batch_id") != null,
                limit);
    }
}
