package dev.longshore.simulator;

import java.util.Map;

/// What was counted of some calls: of all, of one model's or of one key's.
///
/// @param calls how many arrived
/// @param open how many are not over
/// @param maxOpen how many were open at once at the most
/// @param maxPerSecond how many arrived within one rolling second at the most
/// @param maxPerMinute how many arrived within one rolling minute at the most
/// @param aborted how many ended because the client left
/// @param statuses how many were answered with each HTTP status
/// @param faults how many met each kind of fault
public record Tally(
        long calls,
        long open,
        long maxOpen,
        long maxPerSecond,
        long maxPerMinute,
        long aborted,
        Map<String, Long> statuses,
        Map<String, Long> faults,
        long inputTokens,
        long outputTokens) {}
