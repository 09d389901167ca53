package dev.longshore.attempt;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a provider's HTTP answer said about itself, good or bad, kept beside every outcome that had an answer.
///
/// @param status the HTTP status, 0 when no answer came
/// @param requestId the provider's own id of the call, for its support desk
/// @param retryAfter how long the provider asked us to stay away
/// @param firstByte from sending to the first byte of the answer
/// @param headroom what it will still take; null when it did not say
/// @param spent what a call that is known to have come to nothing has used nevertheless: the provider had begun to
///     answer; null for any other
/// @param ofAnotherKey whether it was given to another key than the one that the call had its permit for: a prediction
///     is only seen with the key that bought it. Such a reply says nothing of the permit's key
public record Reply(
        int status,
        @Nullable String requestId,
        @Nullable Duration retryAfter,
        @Nullable Duration firstByte,
        @Nullable Headroom headroom,
        @Nullable Usage spent,
        boolean ofAnotherKey) {
    /// No answer was seen.
    public static final Reply NONE = new Reply(0, null, null, null);

    public Reply(int status, @Nullable String requestId, @Nullable Duration retryAfter, @Nullable Duration firstByte) {
        this(status, requestId, retryAfter, firstByte, null);
    }

    public Reply(
            int status,
            @Nullable String requestId,
            @Nullable Duration retryAfter,
            @Nullable Duration firstByte,
            @Nullable Headroom headroom) {
        this(status, requestId, retryAfter, firstByte, headroom, null, false);
    }

    /// The same of a call that has used this.
    public Reply spending(Usage used) {
        return new Reply(status, requestId, retryAfter, firstByte, headroom, used, ofAnotherKey);
    }

    /// The same, given to another key.
    public Reply toAnotherKey() {
        return new Reply(status, requestId, retryAfter, firstByte, headroom, spent, true);
    }
}
