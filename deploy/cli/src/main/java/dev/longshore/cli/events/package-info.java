/// The live events of a job, from their bytes to their meaning, over as many connections as it takes.
@NullMarked
package dev.longshore.cli.events;

import org.jspecify.annotations.NullMarked;
