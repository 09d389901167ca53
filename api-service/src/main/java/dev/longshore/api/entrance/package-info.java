/// The first thing that a request meets: it is given its ids, its sender is recognised, and its body is
/// read within bounds.
@NullMarked
package dev.longshore.api.entrance;

import org.jspecify.annotations.NullMarked;
