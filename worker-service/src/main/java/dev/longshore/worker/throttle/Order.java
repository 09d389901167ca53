package dev.longshore.worker.throttle;

import dev.longshore.lane.Lane;

/// A call that somebody would like to make.
///
/// @param provider its name in the operator's file
/// @param model the provider's own name of the model
/// @param name the name that callers use for the model; its limits go by it
public record Order(String provider, String model, String name, Lane lane, Load load) {}
