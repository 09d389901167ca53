package dev.longshore.api.webhooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What came of a test.
///
/// @param id what the receiver was told as `webhook-id`
@Schema(name = "WebhookTest")
record TestView(
        String id,

        @Schema(description = "whether the receiver took it: it answered 2xx")
        boolean delivered,

        @JsonProperty("status_code") @Nullable Integer statusCode,
        @JsonProperty("latency_ms") @Nullable Long latencyMs,

        @Schema(description = "the first 1024 bytes of what the receiver said") @Nullable
        String answer,

        @Schema(description = "why there was no answer") @Nullable
        String error) {}
