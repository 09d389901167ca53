package dev.longshore.simulator.tongue;

/// What is left of one rate.
///
/// @param what `requests` or `tokens`
/// @param limit how many a minute
/// @param resetMs until all of it is there again
public record Allowance(String what, int limit, int remaining, long resetMs) {}
