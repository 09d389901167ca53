package dev.longshore.worker.delivery;

import dev.longshore.webhook.CallOutcome;
import dev.longshore.webhook.CallOutcome.Answered;
import dev.longshore.webhook.CallOutcome.Forbidden;
import dev.longshore.webhook.CallOutcome.NotReached;
import dev.longshore.webhook.RetrySchedule;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the end of a call does to its notice and to its receiver. Decided without looking anywhere.
sealed interface Ruling {
    /// The receiver has taken it, so it is well.
    record Delivered() implements Ruling {}

    /// It is sent again later.
    ///
    /// @param after how much later
    /// @param rest how long the receiver wants to be left alone by everything
    record Again(Duration after, Duration rest) implements Ruling {}

    /// It is not sent again.
    ///
    /// @param rest as above
    /// @param gone whether the receiver says that it is gone for good
    record GivenUp(Duration rest, boolean gone) implements Ruling {}

    /// It cannot be told any more, which says nothing about the receiver.
    record Dropped() implements Ruling {}

    int GONE = 410;
    int TOO_MANY = 429;
    int UNAVAILABLE = 503;

    /// @param tries how many were made before this one
    /// @param chance from 0 up to, not including, 1
    static Ruling of(CallOutcome outcome, int tries, double chance) {
        return switch (outcome) {
            case Answered answered when answered.isSuccess() -> new Delivered();
            case Answered answered when answered.status() == GONE -> new GivenUp(Duration.ZERO, true);
            case Answered answered -> later(tries, chance, answered.retryAfter(), rest(answered));
            case NotReached _ -> later(tries, chance, null, Duration.ZERO);
            // The name may mean something better by then.
            case Forbidden _ -> later(tries, chance, null, Duration.ZERO);
        };
    }

    private static Ruling later(int tries, double chance, @Nullable Duration asked, Duration rest) {
        Optional<Duration> wait = RetrySchedule.after(tries + 1, chance, asked);
        return wait.isPresent() ? new Again(wait.get(), rest) : new GivenUp(rest, false);
    }

    /// Of these two answers `Retry-After` is meant for everything that is sent to the receiver.
    private static Duration rest(Answered answered) {
        Duration asked = answered.retryAfter();
        boolean all = answered.status() == TOO_MANY || answered.status() == UNAVAILABLE;
        if (!all || asked == null) {
            return Duration.ZERO;
        }
        return asked.compareTo(RetrySchedule.LONGEST_ASKED) > 0 ? RetrySchedule.LONGEST_ASKED : asked;
    }
}
