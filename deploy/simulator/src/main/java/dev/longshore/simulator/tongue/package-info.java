/// What all tongues have in common: what is asked, what is answered, what is refused, and the houses (providers)
/// that put it into their own words. Knows nothing of scripts, limits, faults and time.
@NullMarked
package dev.longshore.simulator.tongue;

import org.jspecify.annotations.NullMarked;
