package dev.longshore.simulator;

import org.jspecify.annotations.Nullable;

/// What the headers of a call say about its sender, cut to what the log keeps.
record Arrival(
        long atMs,
        @Nullable String keyTail,
        @Nullable String jobId,
        @Nullable String attempt,
        @Nullable String idempotencyKey,
        @Nullable String userAgent) {

    /// The longest header value that is remembered.
    private static final int LONGEST_HEADER = 200;

    static @Nullable String cut(@Nullable String header) {
        return header != null && header.length() > LONGEST_HEADER ? header.substring(0, LONGEST_HEADER) : header;
    }
}
