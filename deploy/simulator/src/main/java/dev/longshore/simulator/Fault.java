package dev.longshore.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One way to fail and the calls that it strikes. A fault without `calls`, `probability` and `match` strikes
/// always; with several of them, all must agree.
///
/// @param status the HTTP status of the kinds that answer with an error
/// @param retryAfter the `Retry-After` header as it is sent; `date:+5` becomes the HTTP date five seconds from now
/// @param retryAfterMs the `retry-after-ms` header
/// @param body sent instead of the usual error body; a JSON string is sent bare
/// @param code the error's `code`
/// @param message the error's `message`
/// @param headers further headers of the answer
/// @param bytes the length of a huge answer
/// @param latencyMs milliseconds before the fault strikes
/// @param afterChunks how many pieces of a stream are sent before it breaks
/// @param calls which calls, by their number for this model: `3`, `1-3`, `4-`, `every 5`, or several with commas
/// @param probability how likely, drawn from the script's seed and the call's number
/// @param match a part of the last user text
public record Fault(
        FaultKind kind,
        @Nullable Integer status,
        @Nullable String retryAfter,
        @Nullable Long retryAfterMs,
        @Nullable JsonNode body,
        @Nullable String code,
        @Nullable String message,
        @Nullable Map<String, String> headers,
        @Nullable Long bytes,
        @Nullable Long latencyMs,
        @Nullable Integer afterChunks,
        @Nullable String calls,
        @Nullable Double probability,
        @Nullable String match) {

    /// The longest answer that can be asked for, in bytes.
    static final long LONGEST_ANSWER = 1L << 30;

    /// A huge answer that does not say how huge.
    private static final long USUAL_HUGE = 16L << 20;

    @SuppressWarnings("ConstantValue")
    public Fault {
        if (kind == null) {
            throw new IllegalArgumentException("a fault needs a kind");
        }
        if (status != null && (status < 200 || status > 599)) {
            throw new IllegalArgumentException("status must be between 200 and 599");
        }
        if (bytes != null && (bytes < 0 || bytes > LONGEST_ANSWER)) {
            throw new IllegalArgumentException("bytes must be between 0 and " + LONGEST_ANSWER);
        }
        if (latencyMs != null && latencyMs < 0 || retryAfterMs != null && retryAfterMs < 0) {
            throw new IllegalArgumentException("latency_ms and retry_after_ms must not be negative");
        }
        if (probability != null && !(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability must be between 0 and 1");
        }
        if (calls != null) {
            CallNumbers.parse(calls);
        }
        if (retryAfter != null) {
            RetryAfter.check(retryAfter);
        }
        headers = headers == null ? null : Map.copyOf(headers);
    }

    /// A fault of that kind on every call.
    public static Fault of(FaultKind kind) {
        return new Fault(kind, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /// An error answer with that HTTP status on every call.
    public static Fault status(int status) {
        return new Fault(
                FaultKind.STATUS, status, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /// How long a huge answer is.
    long hugeBytes() {
        return bytes == null ? USUAL_HUGE : bytes;
    }

    /// The same, only on these calls of the model: `3`, `1-3`, `4-`, `every 5`.
    public Fault onCalls(String numbers) {
        return copy(retryAfter, latencyMs, numbers, probability, match);
    }

    /// The same, only on this share of the calls, from 0 to 1.
    public Fault withProbability(double share) {
        return copy(retryAfter, latencyMs, calls, share, match);
    }

    /// The same, only on calls whose last user text contains this.
    public Fault matching(String part) {
        return copy(retryAfter, latencyMs, calls, probability, part);
    }

    /// The same with this `Retry-After` header.
    public Fault withRetryAfter(String header) {
        return copy(header, latencyMs, calls, probability, match);
    }

    /// The same after that many milliseconds.
    public Fault afterMs(long millis) {
        return copy(retryAfter, millis, calls, probability, match);
    }

    private Fault copy(
            @Nullable String newRetryAfter,
            @Nullable Long newLatencyMs,
            @Nullable String newCalls,
            @Nullable Double newProbability,
            @Nullable String newMatch) {
        return new Fault(
                kind,
                status,
                newRetryAfter,
                retryAfterMs,
                body,
                code,
                message,
                headers,
                bytes,
                newLatencyMs,
                afterChunks,
                newCalls,
                newProbability,
                newMatch);
    }
}
