package dev.longshore.cli.listen;

/// What is done with a call.
@FunctionalInterface
public interface Taker {
    /// Called by several threads.
    ///
    /// @return the HTTP status that is answered
    int take(Arrival arrival) throws InterruptedException;
}
