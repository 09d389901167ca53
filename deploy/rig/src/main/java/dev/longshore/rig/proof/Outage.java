package dev.longshore.rig.proof;

import java.util.List;

/// A time in which something was broken, or had just been.
///
/// @param from milliseconds since 1970
/// @param to milliseconds since 1970: when it was mended
/// @param recovered milliseconds since 1970: until then its consequences excuse a wait
public record Outage(String fault, long from, long to, long recovered) {
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
