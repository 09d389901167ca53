/// Processes that we started: how they are described, watched, started again when they die, stopped politely, and
/// recognised after we ourselves were killed. Knows nothing of what the processes do.
@NullMarked
package dev.longshore.standalone.child;

import org.jspecify.annotations.NullMarked;
