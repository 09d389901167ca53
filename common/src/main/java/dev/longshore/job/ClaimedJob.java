package dev.longshore.job;

import dev.longshore.lane.Lane;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A job in the hands of one worker, with all that its attempt needs. Valid as long as its epoch is the
/// row's epoch.
///
/// @param epoch fences every later write of this claim; also the number of this claim in the job's life
/// @param attempt charged attempts, this one included
/// @param spentNanos what earlier attempts have cost
/// @param cancelRequested somebody wants the job stopped
/// @param timeouts how many of its calls took longer than we would wait
/// @param model the model to ask now
/// @param askedModel the model that the caller asked for; another than `model` after a fallback
public record ClaimedJob(
        JobId id,
        int epoch,
        int workerId,
        int tenantId,
        Lane lane,
        int attempt,
        int maxAttempts,
        Instant claimedAt,
        Instant deadlineAt,
        boolean failOnUnknown,
        boolean cancelRequested,
        long spentNanos,
        int timeouts,
        String operation,
        String model,
        String askedModel,
        String input,
        @Nullable String options,
        @Nullable UUID traceId) {}
