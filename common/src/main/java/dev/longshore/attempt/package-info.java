/// One try at one job: how it ended and what is kept of it.
@NullMarked
package dev.longshore.attempt;

import org.jspecify.annotations.NullMarked;
