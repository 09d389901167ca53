/// Anthropic's Messages API.
@NullMarked
package dev.longshore.simulator.tongue.anthropic;

import org.jspecify.annotations.NullMarked;
