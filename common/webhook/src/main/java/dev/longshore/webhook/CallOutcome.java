package dev.longshore.webhook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How one call ended. Words are fit to be stored and shown to whoever gave the URL.
public sealed interface CallOutcome {
    /// The receiver said something; whether it is content is for its status to say.
    ///
    /// @param status any HTTP status but the interim ones; 3xx was not followed
    /// @param text the first 1,024 bytes of its answer, or what had come when the time was over
    /// @param latency from the start of the call to the end of reading
    /// @param retryAfter how long it wants to be left alone
    record Answered(
            int status,
            String text,
            Duration latency,
            @Nullable Duration retryAfter) implements CallOutcome {
        /// Whether the receiver has taken it: any 2xx.
        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    /// Nothing was heard of the receiver. It may nevertheless have read the call.
    record NotReached(String reason, Duration latency) implements CallOutcome {}

    /// Nothing was sent, since the address may not be called.
    record Forbidden(String reason) implements CallOutcome {}
}
