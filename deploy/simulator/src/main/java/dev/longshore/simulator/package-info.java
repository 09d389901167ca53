/// A provider made of paper: an OpenAI-compatible server whose latency, tokens, limits and faults are scripted, and
/// which
/// remembers every call it saw.
@NullMarked
package dev.longshore.simulator;

import org.jspecify.annotations.NullMarked;
