package dev.longshore.job;

import dev.longshore.lane.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A job that has been checked and is about to be accepted.
///
/// @param model the model that callers named, for lists and usage
/// @param input JSON text, stored as it is
/// @param options JSON of [JobOptions]' fields; null when the caller asked for nothing out of the ordinary
/// @param labels JSON object of strings; null when there are none
/// @param deadline how long the whole life of the job may take, counted from now or from `runAt`
/// @param failOnUnknown a call whose result was lost after it was sent must not be made again
/// @param guard the idempotency key and what it guards; null when the caller sent none
/// @param direct whether the lane's window has room for its ticket; the job still queues behind its own
///     tenant's backlog
/// @param webhook whom to tell of this job alone; null for nobody
public record NewJob(
        JobId id,
        int tenantId,
        String operation,
        int operationVersion,
        Lane lane,
        int priority,
        String model,
        String input,
        @Nullable String options,
        @Nullable String labels,
        int maxAttempts,
        Duration deadline,
        @Nullable Instant runAt,
        boolean failOnUnknown,
        @Nullable UUID traceId,
        @Nullable IdempotencyGuard guard,
        boolean direct,
        @Nullable Webhook webhook) {

    /// Makes sure that one key makes one job.
    ///
    /// @param fingerprint SHA-256 over the request, the same for requests that mean the same
    /// @param retention how long the key is remembered
    public record IdempotencyGuard(String key, byte[] fingerprint, Duration retention) {}

    /// Whom to tell of one job: an endpoint of its tenant, or a URL.
    ///
    /// @param receiverId the endpoint's id, or the one that all URLs of the tenant to the same place share
    /// @param endpointId null when there is a URL
    /// @param url null when there is an endpoint
    /// @param events which to tell of, such as `job.complete`; at least one
    public record Webhook(
            UUID receiverId,
            @Nullable UUID endpointId,
            @Nullable String url,
            List<String> events) {
        public Webhook {
            if ((endpointId == null) == (url == null)) {
                throw new IllegalArgumentException("A webhook is either an endpoint or a URL.");
            }
            events = List.copyOf(events);
        }
    }
}
