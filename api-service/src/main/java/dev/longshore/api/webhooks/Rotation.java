package dev.longshore.api.webhooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.api.request.Faults;
import dev.longshore.api.request.Fields;
import dev.longshore.api.request.JsonBody;
import dev.longshore.problem.Refusal;
import java.time.Duration;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// How a secret is to be rotated.
@Schema(name = "WebhookSecretRotation", additionalProperties = Schema.False.class)
record Rotation(
        @JsonProperty("overlap_seconds")
        @Schema(
                minimum = "0",
                maximum = "2592000",
                defaultValue = "86400",
                description = "how long the old secret signs beside the new one")
        @Nullable
        Integer overlapSeconds) {
    private static final int LONGEST_SECONDS = 30 * 24 * 3600;
    private static final Duration USUAL = Duration.ofDays(1);

    /// @param body may be empty
    /// @throws Refusal naming everything that is wrong
    static Rotation read(byte[] body) {
        if (body.length == 0) {
            return new Rotation(null);
        }
        Faults faults = new Faults();
        Fields fields = new Fields(JsonBody.read(body), "", faults);
        fields.only(Set.of("overlap_seconds"));
        Integer seconds = fields.whole("overlap_seconds", 0, LONGEST_SECONDS);
        faults.refuseIfAny();
        return new Rotation(seconds);
    }

    Duration overlap() {
        return overlapSeconds == null ? USUAL : Duration.ofSeconds(overlapSeconds);
    }
}
