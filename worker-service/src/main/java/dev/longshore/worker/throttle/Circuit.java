package dev.longshore.worker.throttle;

import dev.longshore.provider.ProviderBoard.Breaker;
import dev.longshore.provider.ProviderBoard.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// This worker's side of the breaker of one provider's model, or of one of its keys: it counts the worker's own
/// calls, says when they are bad enough to open the breaker for all, and keeps what the board last said. What it
/// wants written there is fetched with [#news] until it has been written.
///
/// Safe for use by many threads; time comes as an argument.
final class Circuit {
    /// A trial that is not known to have been taken may be asked for this often.
    private static final Duration NEXT_ASKING = Duration.ofMillis(500);

    private final BreakerPolicy policy;
    private final CallTally window;
    private int failuresInARow;
    private State state = State.CLOSED;
    private String reason = "";
    private Instant openUntil = Instant.MIN;
    private Instant nextAsking = Instant.MIN;
    private @Nullable News news;

    Circuit(BreakerPolicy policy) {
        this.policy = policy;
        window = new CallTally(policy.window());
    }

    /// Whether a call may be made as far as the breaker goes.
    enum Way {
        FREE,
        /// Nobody may, or somebody else makes the trial call.
        BARRED,
        /// The trial call is to be had; ask the board for it.
        TRIAL
    }

    /// What is to be written on the board. Closed, so that none is forgotten.
    sealed interface News {
        record Opened(String reason) implements News {}

        /// Our trial call went well.
        record TrialWentWell() implements News {}

        /// Our trial call told nothing.
        record TrialToldNothing() implements News {}
    }

    synchronized Way way(Instant now) {
        if (state == State.CLOSED) {
            return Way.FREE;
        }
        if (!isTrialDue(now)) {
            return Way.BARRED;
        }
        // Whoever makes the trial may die with it, so that asking for it goes on, one asking at a time.
        nextAsking = now.plus(NEXT_ASKING);
        return Way.TRIAL;
    }

    /// Whether the trial call may be asked for now.
    synchronized boolean isTrialDue(Instant now) {
        return state != State.CLOSED && news == null && !now.isBefore(openUntil) && !now.isBefore(nextAsking);
    }

    /// Until when it is no use to ask.
    synchronized Instant barredUntil(Instant now) {
        Instant asking = nextAsking.isAfter(openUntil) ? nextAsking : openUntil;
        return asking.isAfter(now) ? asking : now.plus(NEXT_ASKING);
    }

    synchronized String reason() {
        return reason;
    }

    synchronized boolean isClosed() {
        return state == State.CLOSED;
    }

    /// A call has ended.
    ///
    /// @param trial whether it was the trial call of a half-open breaker
    /// @param why what was wrong, for those who look
    /// @param atOnce whether this alone opens the breaker
    /// @return whether there is news
    synchronized boolean ended(
            CallHealth health, Duration took, boolean trial, String why, boolean atOnce, Instant now, long nanos) {
        window.count(health, took, nanos);
        failuresInARow = health == CallHealth.FAILED ? failuresInARow + 1 : 0;
        if (trial) {
            if (health == CallHealth.FAILED) {
                open("the trial call failed: " + why, now);
            } else {
                news = new News.TrialWentWell();
            }
            return true;
        }
        if (state != State.CLOSED) {
            // It began before the breaker opened.
            return false;
        }
        CallTally.Sum sum = window.sum(nanos);
        if (atOnce) {
            open(why, now);
        } else if (failuresInARow >= policy.consecutiveFailures()) {
            open(failuresInARow + " failures in a row: " + why, now);
        } else if (sum.calls() >= policy.minimumCalls() && sum.badShare() >= policy.failureRate()) {
            open(
                    String.format(
                            Locale.ROOT,
                            "%d of %d calls failed and %d were slow within %d s",
                            sum.failures(),
                            sum.calls(),
                            sum.slow(),
                            policy.window().toSeconds()),
                    now);
        }
        return news != null;
    }

    /// The trial call was stopped by us.
    synchronized void trialToldNothing() {
        news = new News.TrialToldNothing();
    }

    private void open(String why, Instant now) {
        state = State.OPEN;
        reason = why;
        openUntil = now.plus(policy.openFor());
        nextAsking = Instant.MIN;
        failuresInARow = 0;
        window.clear();
        news = new News.Opened(why);
    }

    synchronized @Nullable News news() {
        return news;
    }

    /// The news is on the board; if there is other news by now, that still waits.
    synchronized void written(News what) {
        if (news == what) {
            news = null;
        }
    }

    /// What the board says; it is the truth, but for what is still to be written there.
    ///
    /// @return whether calls may be made again that could not be made before
    synchronized boolean learn(@Nullable Breaker breaker) {
        if (news != null) {
            return false;
        }
        State before = state;
        state = breaker == null ? State.CLOSED : breaker.state();
        if (breaker != null) {
            reason = breaker.reason();
            openUntil = breaker.openUntil() == null || state != State.OPEN ? Instant.MIN : breaker.openUntil();
        }
        if (state == State.CLOSED && before != State.CLOSED) {
            failuresInARow = 0;
            window.clear();
            nextAsking = Instant.MIN;
        }
        return state == State.CLOSED && before != State.CLOSED;
    }

    Duration openFor() {
        return policy.openFor();
    }

    boolean isSlow(Duration took) {
        return took.compareTo(policy.slowCall()) >= 0;
    }
}
