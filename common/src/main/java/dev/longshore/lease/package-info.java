/// Which worker processes are alive, on the clock of the database, and who holds a chore.
@NullMarked
package dev.longshore.lease;

import org.jspecify.annotations.NullMarked;
