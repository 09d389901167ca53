package dev.longshore.simulator;

import org.jspecify.annotations.Nullable;

/// One call as the log remembers it. Times are milliseconds since 1970.
///
/// @param number counts all calls since the start or the last reset, from 1
/// @param route `chat`, `embeddings`
/// @param model the name that the caller sent, empty if the request named none
/// @param modelNumber counts the calls of this model since the last script or reset, from 1; 0 for a call that was
/// turned away before it reached a model
/// @param endedAt when the last byte was handed to the connection, or the connection ended; null while the call is open
/// @param status the HTTP status sent; null if none was
/// @param fault the fault that struck, null if none did
/// @param openAtArrival how many calls were open when this one came in, itself included
/// @param aborted whether the client left before the answer was complete; then `endedAt` is when it left
/// @param keyTail the last four characters of the API key
/// @param jobId the header `x-longshore-job-id`
/// @param attempt the header `x-longshore-attempt`
/// @param idempotencyKey the header `idempotency-key`
/// @param userAgent the header `user-agent`
/// @param promptHash equal for equal prompts, 16 hexadecimal digits
public record Call(
        long number,
        String route,
        String model,
        long modelNumber,
        long receivedAt,
        @Nullable Long endedAt,
        @Nullable Integer status,
        @Nullable FaultKind fault,
        long openAtArrival,
        boolean aborted,
        @Nullable String keyTail,
        @Nullable String jobId,
        @Nullable String attempt,
        @Nullable String idempotencyKey,
        @Nullable String userAgent,
        String promptHash,
        long inputTokens,
        long outputTokens) {}
