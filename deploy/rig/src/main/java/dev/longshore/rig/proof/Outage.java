package dev.longshore.rig.proof;

import java.time.Duration;
import java.util.List;

/// A time in which something was broken, or had just been.
///
/// @param ofReceivers whether only receivers of webhooks were broken, which excuses nobody else
/// @param from milliseconds since 1970
/// @param to milliseconds since 1970: when it was mended
/// @param recovered milliseconds since 1970: until then its consequences excuse a wait
public record Outage(String fault, boolean ofReceivers, long from, long to, long recovered) {
    /// Something in the system or in its provider was broken.
    Outage(String fault, long from, long to, long recovered) {
        this(fault, false, from, to, recovered);
    }

    /// Those of all but receivers, each with consequences that last longer.
    static List<Outage> ofTheSystem(List<Outage> outages, Duration longer) {
        return outages.stream()
                .filter(outage -> !outage.ofReceivers())
                .map(outage ->
                        new Outage(outage.fault(), outage.from(), outage.to(), outage.recovered() + longer.toMillis()))
                .toList();
    }

    /// How much of a stretch of time lies outside all of these, recovery included.
    static long outside(List<Outage> outages, long from, long to) {
        long calm = 0;
        long at = from;
        // Sorted by their beginnings, each can only push on what has been covered so far.
        for (Outage outage : outages.stream()
                .sorted((a, b) -> Long.compare(a.from(), b.from()))
                .toList()) {
            if (outage.from() > at) {
                calm += Math.max(0, Math.min(outage.from(), to) - at);
            }
            at = Math.max(at, outage.recovered());
            if (at >= to) {
                return calm;
            }
        }
        return calm + Math.max(0, to - at);
    }
}
