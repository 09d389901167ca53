package dev.longshore.worker.throttle;

import dev.longshore.provider.PermitShares.Claim;
import dev.longshore.provider.PermitShares.Grant;
import java.time.Duration;

/// This worker's part of one limit, and what it uses of it. Guarded by the gate.
final class Allowance {
    /// Of what nobody wants a worker holds this part of the limit at most, so that little is lost when it dies.
    private static final int SPARE_PART = 4;

    /// How long the spending of a worker that is gone is remembered by the others: the provider remembers a minute.
    private static final Duration RATE_KEPT = Duration.ofSeconds(65);

    /// Of the time for which the part is ours, what we rely on: time for the database's clock and ours to differ.
    private static final double SAFE_PART = 0.8;

    private final Limit limit;
    private final Duration kept;
    private final MinuteCount spent = new MinuteCount();
    private long open;
    private long part;
    private long oursUntilNanos;
    private long unmet;

    /// @param lease how long a worker that is gone is believed to be alive
    Allowance(Limit limit, Duration lease) {
        this.limit = limit;
        kept = limit.unit().isRate() ? lease.plus(RATE_KEPT) : lease;
    }

    Limit limit() {
        return limit;
    }

    /// Whether the call may be made now as far as this limit goes.
    boolean allows(Load load, long nanos) {
        return used(nanos) + amount(load) <= held(nanos);
    }

    void take(Load load, long nanos) {
        if (limit.unit().isRate()) {
            spent.add(amount(load), nanos);
        } else {
            open++;
        }
    }

    /// The call is over.
    ///
    /// @param told what it really weighed, as far as that is known
    void giveBack(Load taken, Load told, long nanos) {
        if (limit.unit().isRate()) {
            spent.add(amount(told) - amount(taken), nanos);
        } else {
            open--;
        }
    }

    /// Notes that a call was wanted and could not be made, so that the next dealing knows of it.
    void missed(Load load) {
        unmet = Math.min(limit.most(), unmet + amount(load));
    }

    /// How much of this worker's part is free, from 0 to 1: the fuller of two keys is spared.
    double free(long nanos) {
        long held = held(nanos);
        return held == 0 ? 0 : Math.clamp((double) (held - used(nanos)) / held, 0, 1);
    }

    /// How many more calls may be made now.
    long room(Load each, long nanos) {
        return Math.max(0, held(nanos) - used(nanos)) / Math.max(1, amount(each));
    }

    /// How long until the call could be made if nobody else were waiting; a guess where it hangs on calls' ending.
    long nanosUntilAllowed(Load load, long meanCallNanos, long nanos) {
        long missing = used(nanos) + amount(load) - held(nanos);
        if (missing <= 0) {
            return 0;
        }
        return limit.unit().isRate() ? spent.nanosUntilForgotten(missing, nanos) : meanCallNanos / Math.max(1, part);
    }

    /// How long one call after the other takes when all of this worker's part is used.
    long nanosBetweenCalls(Load load, long meanCallNanos) {
        long mine = Math.max(1, part);
        return limit.unit().isRate() ? Duration.ofMinutes(1).toNanos() * amount(load) / mine : meanCallNanos / mine;
    }

    /// What to say in the next dealing.
    Claim claim(long nanos) {
        long inUse = used(nanos);
        Claim claim = new Claim(
                limit.allowance(),
                limit.most(),
                held(nanos),
                inUse,
                Math.min(limit.most(), inUse + unmet),
                Math.max(1, limit.most() / SPARE_PART),
                kept);
        unmet = 0;
        return claim;
    }

    /// What to say when this worker leaves: it keeps what the provider remembers of it, and wants no more.
    Claim lastClaim(long nanos) {
        long inUse = used(nanos);
        return new Claim(limit.allowance(), limit.most(), inUse, inUse, inUse, 0, kept);
    }

    /// Takes what a dealing has given. More counts from now on; of what is too much, all that is not in use is let go,
    /// which the others learn by the next dealing.
    ///
    /// @param askedNanos when the dealing was begun
    void grant(Grant grant, long askedNanos, long nanos) {
        part = Math.min(grant.part(), Math.max(grant.target(), used(nanos)));
        oursUntilNanos = askedNanos + (long) (kept.toNanos() * SAFE_PART);
    }

    /// This worker has become another: nothing that it held is its own any more.
    void loseAll() {
        part = 0;
    }

    private long used(long nanos) {
        return limit.unit().isRate() ? spent.sum(nanos) : open;
    }

    private long held(long nanos) {
        return nanos - oursUntilNanos < 0 ? part : 0;
    }

    /// A call that is heavier than the whole limit is let through alone: the provider may say no to it, we cannot.
    private long amount(Load load) {
        return Math.min(limit.most(), load.of(limit.unit()));
    }
}
