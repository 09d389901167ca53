package dev.longshore.view;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A job as its owner sees it. Every field is always there; what does not apply is null.
///
/// @param labels JSON, passed through as the database has it
/// @param result JSON, passed through as the provider's adapter wrote it
@Schema(name = "Job")
public record JobView(
        @JsonProperty("job_id") String jobId,

        @Schema(enumeration = {"waiting", "queued", "processing", "awaiting_review", "complete", "failed", "cancelled"})
        String status,

        double progress,
        @JsonProperty("progress_message") @Nullable String progressMessage,
        @Schema(examples = "chat@1") String operation,
        String lane,
        int priority,
        @JsonRawValue @Schema(type = SchemaType.OBJECT) String labels,
        @JsonProperty("batch_id") @Nullable String batchId,

        @Schema(description = "attempts charged so far, the running one included")
        int attempt,

        @JsonProperty("max_attempts") int maxAttempts,
        @Nullable Waiting waiting,

        @JsonProperty("queue_position")
        @Schema(description = "while queued: about how many jobs run before this one, and this one")
        @Nullable
        Long queuePosition,

        @JsonProperty("eta_seconds") @Schema(description = "while queued: about how long until it runs") @Nullable
        Long etaSeconds,

        @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("started_at") @Nullable Instant startedAt,
        @JsonProperty("finished_at") @Nullable Instant finishedAt,
        @JsonProperty("deadline_at") Instant deadlineAt,

        @JsonProperty("expires_at") @Schema(description = "from then on the job may be gone")
        Instant expiresAt,

        @JsonRawValue
        @Schema(
                type = SchemaType.OBJECT,
                description = "of `chat` a Chat Completions response, of `embed` an Embeddings response")
        @Nullable
        String result,

        @Nullable Failure error,
        @Nullable Double confidence,
        List<Object> alternatives,
        @JsonProperty("requires_human_review") boolean requiresHumanReview,
        @Nullable Usage usage,
        @JsonProperty("cost_usd") BigDecimal costUsd,
        Metadata metadata,
        Links links) {

    /// The job as it was at an earlier step of its life.
    JobView at(Step step) {
        return at(step, 0, null);
    }

    /// The same, when it was so far.
    JobView at(Step step, double share, @Nullable String message) {
        return new JobView(
                jobId,
                step.status().word(),
                share,
                message,
                operation,
                lane,
                priority,
                labels,
                batchId,
                step.attempt(),
                maxAttempts,
                step.waiting(),
                null,
                null,
                createdAt,
                step.startedAt(),
                step.status().terminal() ? step.at() : null,
                deadlineAt,
                expiresAt,
                null,
                step.failure(),
                null,
                List.of(),
                false,
                null,
                step.spent().dollars(),
                new Metadata(
                        metadata.traceId(),
                        null,
                        metadata.model(),
                        null,
                        null,
                        step.startedAt() == null ? null : metadata.queueMs(),
                        step.attempt(),
                        false,
                        false,
                        null,
                        List.of(),
                        null),
                links);
    }

    /// Why the job is not running although it could.
    @Schema(name = "Waiting")
    public record Waiting(
            @Schema(
                    enumeration = {
                        "scheduled",
                        "backoff",
                        "rate_limited",
                        "circuit_open",
                        "concurrency",
                        "budget",
                        "provider_quota",
                        "children",
                        "review"
                    })
            String reason,

            Instant until,
            @Nullable String detail) {}

    /// Why the job failed.
    ///
    /// @param details for programs, such as the provider's own status
    @Schema(name = "JobError")
    public record Failure(
            String code,
            @JsonProperty("class") String errorClass,
            String message,
            boolean retryable,
            Map<String, Object> details) {}

    /// What was used, as the provider counted it.
    @Schema(name = "Usage")
    public record Usage(
            @JsonProperty("input_tokens") int inputTokens,
            @JsonProperty("cached_input_tokens") int cachedInputTokens,
            @JsonProperty("output_tokens") int outputTokens) {}

    /// Where the result came from and how long it took.
    @Schema(name = "JobMetadata")
    public record Metadata(
            @JsonProperty("trace_id") @Nullable String traceId,
            @Nullable String provider,
            String model,
            @JsonProperty("model_version") @Nullable String modelVersion,
            @JsonProperty("latency_ms") @Nullable Integer latencyMs,
            @JsonProperty("queue_ms") @Nullable Long queueMs,
            int attempts,
            boolean fallback,
            boolean cached,
            @JsonProperty("prompt_version") @Nullable String promptVersion,
            @JsonProperty("sources_used") List<String> sourcesUsed,
            @Nullable String validation) {}

    /// Where to go on from here.
    @Schema(name = "JobLinks")
    public record Links(String self, String events, String cancel, String attempts, String timeline, String replay) {
        public static Links of(String jobId) {
            String self = "/v1/jobs/" + jobId;
            return new Links(
                    self, self + "/events", self + "/cancel", self + "/attempts", self + "/timeline", self + "/replay");
        }
    }
}
