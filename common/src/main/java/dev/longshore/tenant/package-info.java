/// Whose job it is, and how a caller proves it.
@NullMarked
package dev.longshore.tenant;

import org.jspecify.annotations.NullMarked;
