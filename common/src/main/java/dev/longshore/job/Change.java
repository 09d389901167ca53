package dev.longshore.job;

import dev.longshore.lane.Lane;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A job has changed its status.
///
/// @param epoch of the last claim before it, or of the change if it is a claim
/// @param attempt charged attempts
/// @param reason why it waits, as a `WaitReason`'s word, or why it failed, as an `ErrorCode`'s name; else null
/// @param at on the database's clock
public record Change(
        JobId job,
        int tenantId,
        int epoch,
        Lane lane,
        JobStatus status,
        int attempt,
        @Nullable String reason,
        Instant at) {}
