package dev.longshore.api.watch;

import io.vertx.core.buffer.Buffer;

/// Where a reader's events go out. Nothing here blocks.
interface Outlet {
    /// Sends an event behind those before it. The same buffer may go to many.
    void send(Buffer event);

    /// Ends the stream once everything is sent.
    void end();

    /// Ends the stream with a last word, and the connection with it.
    void part(Parting why);

    /// Looks after the connection, now and then: sends something if nothing was sent for long, and parts with a reader
    /// who takes nothing.
    ///
    /// @param now on the clock of [System#nanoTime]
    void tend(long now);
}
