package dev.longshore.worker.throttle;

import dev.longshore.attempt.Headroom.Left;
import dev.longshore.job.WaitReason;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a provider has said about one key and model: that it does not accept the key, to stay away until then, or
/// how many calls it still takes. Guarded by the gate.
final class Rest {
    private long started;
    private @Nullable Held away;
    private @Nullable Left told;
    private Instant toldAt = Instant.MIN;
    private String toldWords = "";
    private double sinceTold;
    private final Acceptance acceptance = new Acceptance();

    /// The breaker of the key for every model, while it is not closed.
    private @Nullable SharedBreaker ofKey;

    /// The breaker of the key for this model, while it is not closed.
    private @Nullable SharedBreaker ofKeyHere;

    /// Why no call may be made now.
    record Held(WaitReason reason, Instant until, String detail) {
        boolean over(Instant now) {
            return !now.isBefore(until);
        }
    }

    /// Why no call may be made now; null when one may.
    ///
    /// @param sharers how many workers share what the provider says it takes: it tells each of them the same
    @Nullable
    Held held(Instant now, int sharers) {
        SharedBreaker refused = refused();
        if (refused != null && !refused.circuit().isTrialDue(now)) {
            return new Held(
                    WaitReason.CIRCUIT_OPEN,
                    refused.circuit().barredUntil(now),
                    "no key is accepted: " + refused.circuit().reason());
        }
        if (away != null && away.over(now)) {
            away = null;
        }
        if (away != null) {
            return away;
        }
        if (told == null) {
            return null;
        }
        double free = free(told, now, sharers);
        if (free >= 1) {
            return null;
        }
        long millis = (long) Math.ceil((1 - free) * sharers / told.perSecond() * 1_000);
        return new Held(WaitReason.RATE_LIMITED, now.plusMillis(millis), toldWords);
    }

    /// How many calls the provider takes now of this worker by its own account; it heals by its own clock.
    private double free(Left told, Instant now, int sharers) {
        double inAll =
                told.now() + told.perSecond() * Duration.between(toldAt, now).toMillis() / 1_000;
        return inAll / sharers - sinceTold;
    }

    /// A call is made.
    ///
    /// @return how many were made before it
    long start() {
        sinceTold++;
        return started++;
    }

    /// The breaker of the key where the provider does not accept it; null for a key that is good.
    @Nullable
    SharedBreaker refused() {
        return ofKey != null ? ofKey : ofKeyHere;
    }

    /// Whether the key may be used goes by this breaker.
    void goBy(SharedBreaker breaker) {
        SharedBreaker open = breaker.circuit().isClosed() ? null : breaker;
        if (breaker.name().isOfEveryModel()) {
            ofKey = open;
        } else {
            ofKeyHere = open;
        }
    }

    /// No call until then.
    ///
    /// @return whether that is news
    boolean stayAway(Instant until, WaitReason reason, String detail) {
        boolean news = away == null || until.isAfter(away.until());
        if (news) {
            away = new Held(reason, until, detail);
        }
        return news;
    }

    /// The provider told how many calls it still takes. It told it when it let the call in; those that began later are
    /// not counted in it.
    ///
    /// @param sequence the number of the call that it answered with this
    void told(Left left, Instant now, long sequence, String words) {
        told = left;
        toldAt = now;
        toldWords = words;
        sinceTold = started - sequence - 1;
    }

    /// How willing the provider is.
    Acceptance acceptance() {
        return acceptance;
    }
}
