package dev.longshore.api.jobs;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// The body of `POST /v1/jobs`, as it is described to callers; [JobRequestReader] reads it.
@Schema(name = "JobRequest", additionalProperties = Schema.False.class)
record JobRequest(
        @Schema(
                required = true,
                examples = {"chat", "embed", "chat@1"})
        String operation,

        @Schema(
                required = true,
                description =
                        "of `chat` a Chat Completions request, of `embed` an Embeddings request, each with `model`; fields"
                                + " that are not known here travel on to the provider")
        Map<String, Object> input,

        @Schema(
                enumeration = {"interactive", "standard", "batch"},
                defaultValue = "standard")
        String lane,

        @Schema(
                minimum = "-100",
                maximum = "100",
                defaultValue = "0",
                description = "seconds of head start inside the lane")
        int priority,

        @JsonProperty("run_at") @Schema(description = "at most 30 days ahead; not together with delay_seconds")
        Instant runAt,

        @JsonProperty("delay_seconds") @Schema(minimum = "0", maximum = "2592000")
        int delaySeconds,

        @JsonProperty("deadline_seconds")
        @Schema(
                minimum = "1",
                maximum = "2592000",
                description = "whole life of the job, waiting included; default by lane")
        int deadlineSeconds,

        Retry retry,

        @Schema(defaultValue = "true", description = "false: only the named model may answer")
        boolean fallback,

        @Schema(
                enumeration = {"default", "no-store", "only-if-cached", "refresh"},
                defaultValue = "default")
        String cache,

        @JsonProperty("max_cost_usd") @Schema(minimum = "0") BigDecimal maxCostUsd,

        @JsonProperty("on_unknown_outcome")
        @Schema(
                enumeration = {"retry", "fail"},
                defaultValue = "retry")
        String onUnknownOutcome,

        @JsonProperty("data_class") @Schema(enumeration = {"public", "internal", "confidential", "restricted"})
        String dataClass,

        String region,
        Webhook webhook,

        @Schema(maxProperties = 16, description = "names of 1 to 64, values of at most 512 characters")
        Map<String, String> labels,

        @JsonProperty("idempotency_key") @Schema(minLength = 1, maxLength = 255, pattern = "^[!-~]+$")
        String idempotencyKey) {

    /// When a failed attempt is tried again.
    @Schema(name = "Retry", additionalProperties = Schema.False.class)
    record Retry(
            @JsonProperty("max_attempts") @Schema(minimum = "1", maximum = "20")
            int maxAttempts,

            @JsonProperty("initial_delay_seconds") @Schema(minimum = "0", maximum = "86400")
            double initialDelaySeconds,

            @Schema(minimum = "1", maximum = "100") double multiplier,

            @JsonProperty("max_delay_seconds") @Schema(minimum = "0", maximum = "86400")
            double maxDelaySeconds,

            @Schema(minimum = "0", maximum = "1") double jitter,
            @JsonProperty("retry_on") List<String> retryOn,

            @JsonProperty("after_last") @Schema(enumeration = {"dead_letter", "discard"})
            String afterLast) {}

    /// Whom to tell.
    @Schema(name = "JobWebhook", additionalProperties = Schema.False.class)
    record Webhook(
            @Schema(description = "signed with the tenant's secret, `GET /v1/webhook-secret`") @Nullable
            String url,

            @JsonProperty("endpoint_id")
            @Schema(description = "instead of a URL: one of the tenant's endpoints")
            @Nullable
            String endpointId,

            @Schema(
                    description =
                            "`job.queued`, `job.processing`, `job.progress`, `job.awaiting_review`, `job.complete`,"
                                    + " `job.failed`, `job.cancelled`; the last four if nothing is said")
            List<String> events) {}
}
