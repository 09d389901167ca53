/// The processes that are measured, started one by one, and the windows into them: their database, their
/// processor time, their memory.
@NullMarked
package dev.longshore.bench.stack;

import org.jspecify.annotations.NullMarked;
