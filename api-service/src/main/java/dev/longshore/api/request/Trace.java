package dev.longshore.api.request;

import io.vertx.core.MultiMap;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The names under which a request is found again: its own id and its place in a W3C trace.
///
/// @param requestId the caller's, where it sent a usable one
/// @param traceId 32 hexadecimal digits; the caller's, where it sent a valid `traceparent`
/// @param parent the whole header for the answer, with a span id of ours
public record Trace(String requestId, String traceId, String parent) {
    private static final int LONGEST_REQUEST_ID = 128;
    private static final int TRACEPARENT_LENGTH = 55;
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);
    private static final HexFormat HEX = HexFormat.of();

    /// The names of a request, by its headers.
    public static Trace of(MultiMap headers) {
        return of(headers.get("X-Request-Id"), headers.get("traceparent"));
    }

    /// Continues the caller's trace, or begins one where the caller sent none or nonsense.
    public static Trace of(@Nullable String requestId, @Nullable String traceparent) {
        boolean continued = traceparent != null && valid(traceparent);
        String traceId = continued && traceparent != null ? traceparent.substring(3, 35) : digits() + digits();
        String flags = continued && traceparent != null ? traceparent.substring(53, TRACEPARENT_LENGTH) : "01";
        return new Trace(
                requestId != null && usable(requestId) ? requestId : "req_" + digits() + digits(),
                traceId,
                "00-" + traceId + "-" + digits() + "-" + flags);
    }

    /// The trace id as the database keeps it.
    public UUID traceUuid() {
        return new UUID(Long.parseUnsignedLong(traceId, 0, 16, 16), Long.parseUnsignedLong(traceId, 16, 32, 16));
    }

    private static boolean usable(String id) {
        if (id.isEmpty() || id.length() > LONGEST_REQUEST_ID) {
            return false;
        }
        return id.chars().allMatch(c -> c > ' ' && c < 127);
    }

    private static boolean valid(String header) {
        // Later versions may be longer, and are to be read as if they were of version 00.
        if (header.length() < TRACEPARENT_LENGTH
                || header.length() > TRACEPARENT_LENGTH && (header.startsWith("00") || header.charAt(55) != '-')
                || header.startsWith("ff")) {
            return false;
        }
        for (int i = 0; i < TRACEPARENT_LENGTH; i++) {
            char c = header.charAt(i);
            boolean dash = i == 2 || i == 35 || i == 52;
            boolean digit = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
            if (dash ? c != '-' : !digit) {
                return false;
            }
        }
        return !header.startsWith(NO_TRACE, 3) && !header.startsWith(NO_SPAN, 36);
    }

    // Ids, not secrets: speed matters and guessing them does no harm. Zero is the one value that is not
    // allowed.
    private static String digits() {
        return HEX.toHexDigits(ThreadLocalRandom.current().nextLong() | 1);
    }
}
