package dev.longshore.worker.slots;

import dev.longshore.lane.Lane;

/// What one lane may count on.
///
/// @param weight its share when lanes compete, relative to the others
/// @param reserved slots that the others never take, however idle it is
public record LaneShare(Lane lane, int weight, int reserved) {
    /// @param floor the fraction of all slots that is kept for the lane
    public static LaneShare of(Lane lane, int weight, double floor, int slots) {
        return new LaneShare(lane, weight, (int) Math.round(floor * slots));
    }
}
