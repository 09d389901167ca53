package dev.longshore.api.jobs;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.view.JobView.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// One provider call of a job.
@Schema(name = "Attempt")
public record AttemptView(
        @Schema(description = "the number of the claim that made it: unique in the job's life")
        int epoch,

        @Schema(description = "attempts charged by then, this one included")
        int attempt,

        @Schema(enumeration = {"running", "answered", "refused", "throttled", "broken", "unknown", "interrupted"})
        String status,

        @Schema(description = "whether it counts against max_attempts")
        boolean charged,

        @Nullable String provider,
        String model,
        @JsonProperty("started_at") Instant startedAt,
        @JsonProperty("ended_at") @Nullable Instant endedAt,
        @JsonProperty("latency_ms") @Nullable Long latencyMs,
        @JsonProperty("first_byte_ms") @Nullable Integer firstByteMs,

        @JsonProperty("http_status") @Schema(description = "what the provider answered with") @Nullable
        Integer httpStatus,

        @Nullable Failure error,
        Usage usage,
        @JsonProperty("cost_usd") BigDecimal costUsd,

        @JsonProperty("held_usd") @Schema(description = "what a call of unknown outcome may have cost at most")
        BigDecimal heldUsd,

        @JsonProperty("provider_request_id") @Nullable String providerRequestId,
        String worker) {

    /// Why it failed.
    @Schema(name = "AttemptError")
    public record Failure(String code, @Nullable String message) {}
}
