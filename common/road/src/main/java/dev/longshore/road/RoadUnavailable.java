package dev.longshore.road;

/// Kafka cannot be asked now. Nothing is lost by it: jobs stay in the backlog until it can.
public final class RoadUnavailable extends Exception {
    private static final long serialVersionUID = 1;

    RoadUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
