/// The load generator: callers over bare sockets, as many as asked for, as fast as they are answered or at a
/// steady pace.
@NullMarked
package dev.longshore.bench.load;

import org.jspecify.annotations.NullMarked;
