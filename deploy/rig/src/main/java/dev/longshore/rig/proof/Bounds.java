package dev.longshore.rig.proof;

import java.time.Duration;

/// What the system was set up with and what is expected of it.
///
/// @param slots how many attempts one worker may run at once
/// @param workers how many workers there are
/// @param longestWait how long a job may wait for its first claim, outages not counted
/// @param leastShare of what was submitted while something was broken, how much must have been completed
///     in that time
/// @param longestDelivery how long a notice to a receiver that is well may take to its first try, outages not counted
/// @param claim how long a notice is left alone that a worker had claimed when it died
public record Bounds(
        int slots, int workers, Duration longestWait, double leastShare, Duration longestDelivery, Duration claim) {}
