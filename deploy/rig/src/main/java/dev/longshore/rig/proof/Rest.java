package dev.longshore.rig.proof;

import java.util.Map;

/// How a system looked after all faults were over and it had been given its time.
///
/// @param stuck what kept it from coming to rest within the bound; empty when it came
/// @param unread tickets that nobody has read, by lane
/// @param gauges what should be zero by then, by service and name
/// @param openCalls calls that are open at the provider
/// @param untold rows of the outbox
/// @param claimed notices that a worker may be about to send
public record Rest(
        String stuck, Map<String, Long> unread, Map<String, Double> gauges, long openCalls, long untold, long claimed) {
    /// Whether nothing is left over.
    public boolean isEmpty() {
        return openCalls == 0
                && untold == 0
                && claimed == 0
                && unread.values().stream().allMatch(tickets -> tickets == 0)
                && gauges.values().stream().allMatch(value -> value == 0);
    }
}
