/// A provider at its worst, and whether everything comes through it within the limits.
@NullMarked
package dev.longshore.rig.storm;

import org.jspecify.annotations.NullMarked;
