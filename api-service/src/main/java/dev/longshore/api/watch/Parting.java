package dev.longshore.api.watch;

import io.vertx.core.buffer.Buffer;

/// Why a stream ends before its job's events do. It is told in a comment, which may follow half an event: no empty line
/// comes after it, so that nobody takes that half for a whole.
enum Parting {
    TOO_SLOW("closed, too slow: come back with Last-Event-ID"),
    STOPPING("closed, the server stops: come back with Last-Event-ID"),
    REVOKED("closed, the API key is not good any more"),
    BROKEN("closed, something went wrong here: come back with Last-Event-ID"),
    GONE("closed, the job is gone");

    private final Buffer comment;

    Parting(String why) {
        comment = Buffer.buffer("\n: " + why + "\n");
    }

    Buffer comment() {
        return comment;
    }
}
