package dev.longshore.worker.provider;

import dev.longshore.attempt.AttemptOutcome.Interruption;
import io.vertx.core.MultiMap;
import java.time.Duration;

/// How one HTTP exchange with a provider ended. Closed: a dialect must say what each end means.
public sealed interface HttpExchange {
    /// A whole answer came.
    ///
    /// @param firstByte from sending to the head of the answer
    /// @param total from sending to the end of the answer
    record Answered(int status, MultiMap headers, byte[] body, Duration firstByte, Duration total)
            implements HttpExchange {}

    /// The request surely did not reach the provider: no connection, no name, no handshake.
    record NeverSent(String cause) implements HttpExchange {}

    /// The request may have reached the provider, and no whole answer was seen.
    ///
    /// @param timedOut whether our patience ended, rather than the connection
    record Lost(String cause, boolean timedOut) implements HttpExchange {}

    /// A stream of events came, and each piece of it was handed on as it came.
    ///
    /// @param firstByte from sending to the head of the answer
    /// @param total from sending to the end of the stream
    /// @param cause what broke it, or nothing
    record Streamed(int status, MultiMap headers, Duration firstByte, Duration total, StreamEnd end, String cause)
            implements HttpExchange {}

    /// How a stream of events came to its end.
    enum StreamEnd {
        /// The provider ended it.
        CLOSED,
        /// The connection broke.
        BROKEN,
        /// Our patience ended.
        TIMED_OUT
    }

    /// The answer was longer than we are willing to hold.
    record TooLong(int status, long limitBytes) implements HttpExchange {}

    /// We were told to stop.
    record Stopped(Interruption why, boolean sent) implements HttpExchange {}
}
