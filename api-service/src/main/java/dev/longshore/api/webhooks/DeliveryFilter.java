package dev.longshore.api.webhooks;

import dev.longshore.api.request.PublicId;
import dev.longshore.api.request.Query;
import dev.longshore.job.JobId;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which deliveries are asked for.
///
/// @param below only older ones than this
record DeliveryFilter(
        @Nullable UUID endpointId,
        @Nullable UUID jobId,
        @Nullable Status status,
        UUID below,
        int limit) {
    private static final UUID HIGHEST = new UUID(-1, -1);

    /// How a delivery stands.
    enum Status {
        PENDING,
        DELIVERED,
        FAILED;

        private final String word = name().toLowerCase(Locale.ROOT);

        String word() {
            return word;
        }

        static Optional<Status> of(String word) {
            for (Status status : values()) {
                if (status.word.equals(word)) {
                    return Optional.of(status);
                }
            }
            return Optional.empty();
        }
    }

    /// Refuses the request if something is wrong.
    static DeliveryFilter of(Query query) {
        query.only(Set.of("endpoint_id", "job_id", "status", "limit", "after"), "");
        JobId job = query.choice("job_id", JobId::parse);
        UUID after = query.choice("after", text -> PublicId.parse(PublicId.EVENT, text));
        DeliveryFilter filter = new DeliveryFilter(
                query.choice("endpoint_id", text -> PublicId.parse(PublicId.ENDPOINT, text)),
                job == null ? null : job.uuid(),
                query.choice("status", Status::of),
                after == null ? HIGHEST : after,
                query.limit());
        query.refuseIfAny();
        return filter;
    }
}
