package dev.longshore.simulator;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;

/// Everything counted since the start or the last reset.
///
/// @param all over all calls
/// @param models by model name
/// @param keys by the last four characters of the API key; keys that end alike are counted together
public record Stats(@JsonUnwrapped Tally all, Map<String, Tally> models, Map<String, Tally> keys) {}
