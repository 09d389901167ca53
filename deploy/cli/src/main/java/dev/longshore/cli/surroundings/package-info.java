/// What the program finds around itself: streams, terminal, environment, clock, and the user's Ctrl-C.
@NullMarked
package dev.longshore.cli.surroundings;

import org.jspecify.annotations.NullMarked;
