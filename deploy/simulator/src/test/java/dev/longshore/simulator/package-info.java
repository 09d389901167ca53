/// Calls the simulator as its clients do, over real HTTP, and looks at what they see and at what it remembers.
@NullMarked
package dev.longshore.simulator;

import org.jspecify.annotations.NullMarked;
