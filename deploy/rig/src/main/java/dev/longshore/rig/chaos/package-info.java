/// A run of a whole system under a steady load while it is broken by a schedule that a seed repeats, and
/// the verdict on it.
@NullMarked
package dev.longshore.rig.chaos;

import org.jspecify.annotations.NullMarked;
