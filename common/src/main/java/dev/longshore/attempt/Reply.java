package dev.longshore.attempt;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a provider's HTTP answer said about itself, good or bad, kept beside every outcome that had an answer.
///
/// @param status the HTTP status, 0 when no answer came
/// @param requestId the provider's own id of the call, for its support desk
/// @param retryAfter how long the provider asked us to stay away
/// @param firstByte from sending to the first byte of the answer
public record Reply(
        int status,
        @Nullable String requestId,
        @Nullable Duration retryAfter,
        @Nullable Duration firstByte) {
    /// No answer was seen.
    public static final Reply NONE = new Reply(0, null, null, null);
}
