package dev.longshore.api.jobs;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// One thing that happened to a job.
///
/// @param detail JSON, passed through
@Schema(name = "TimelineEntry")
public record TimelineEntry(
        Instant time,

        @Schema(description = "the job's status from then on")
        String status,

        @Schema(examples = {"accepted", "claimed", "backoff", "rescued", "replayed"})
        String reason,

        @Schema(description = "who made it happen") String who,

        @JsonRawValue @Schema(type = SchemaType.OBJECT) @Nullable
        String detail) {}
