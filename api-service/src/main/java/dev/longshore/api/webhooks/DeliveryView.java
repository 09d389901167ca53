package dev.longshore.api.webhooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A notice and what became of it.
///
/// @param url of a webhook that came with a job; endpoints have theirs
@Schema(name = "WebhookDelivery")
record DeliveryView(
        @Schema(description = "what the receiver knows it by: `webhook-id`, and `id` in the body")
        String id,

        String type,

        @Schema(enumeration = {"pending", "delivered", "failed"})
        String status,

        @JsonProperty("endpoint_id") @Nullable String endpointId,
        @Nullable String url,
        @JsonProperty("job_id") @Nullable String jobId,
        @JsonProperty("created_at") Instant createdAt,

        @JsonProperty("next_attempt_at") @Schema(description = "while it is pending") @Nullable
        Instant nextAttemptAt,

        @JsonProperty("finished_at") @Nullable Instant finishedAt,

        @Schema(description = "oldest first") List<Attempt> attempts) {

    DeliveryView with(List<Attempt> made) {
        return new DeliveryView(
                id, type, status, endpointId, url, jobId, createdAt, nextAttemptAt, finishedAt, List.copyOf(made));
    }

    /// One try.
    @Schema(name = "WebhookAttempt")
    record Attempt(
            int number,
            Instant at,

            @JsonProperty("status_code") @Schema(description = "null when there was no answer") @Nullable
            Integer statusCode,

            @JsonProperty("latency_ms") int latencyMs,

            @Schema(description = "the first 1024 bytes of what the receiver said") @Nullable
            String answer,

            @Schema(description = "why there was no answer") @Nullable
            String error) {}
}
