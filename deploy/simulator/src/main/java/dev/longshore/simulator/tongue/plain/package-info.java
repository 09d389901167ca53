/// A JSON API of nobody's, for clients that are told how to speak.
@NullMarked
package dev.longshore.simulator.tongue.plain;

import org.jspecify.annotations.NullMarked;
