package dev.longshore.worker.delivery;

import dev.longshore.webhook.CallOutcome;
import dev.longshore.webhook.CallOutcome.Answered;
import dev.longshore.webhook.CallOutcome.Forbidden;
import dev.longshore.webhook.CallOutcome.NotReached;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A try that is over and has to be written down.
///
/// @param at when it began
record Done(Notice notice, Instant at, CallOutcome outcome, Ruling ruling) {
    Duration latency() {
        return switch (outcome) {
            case Answered answered -> answered.latency();
            case NotReached missed -> missed.latency();
            case Forbidden _ -> Duration.ZERO;
        };
    }

    @Nullable
    Integer statusCode() {
        return outcome instanceof Answered answered ? answered.status() : null;
    }

    @Nullable
    String answer() {
        return outcome instanceof Answered answered ? answered.text() : null;
    }

    @Nullable
    String error() {
        return switch (outcome) {
            case Answered _ -> null;
            case NotReached missed -> missed.reason();
            case Forbidden forbidden -> forbidden.reason();
        };
    }
}
