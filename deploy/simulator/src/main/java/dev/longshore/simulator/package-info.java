/// A provider made of paper: a server that speaks like several providers, whose latency, tokens, limits and faults are
/// scripted, and which remembers every call it saw.
@NullMarked
package dev.longshore.simulator;

import org.jspecify.annotations.NullMarked;
