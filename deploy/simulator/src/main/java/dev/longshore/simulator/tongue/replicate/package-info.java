/// Replicate's predictions, which are fetched later.
@NullMarked
package dev.longshore.simulator.tongue.replicate;

import org.jspecify.annotations.NullMarked;
