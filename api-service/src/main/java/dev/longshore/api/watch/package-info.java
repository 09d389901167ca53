/// Waiting for results: many waiters share one look at the database.
@NullMarked
package dev.longshore.api.watch;

import org.jspecify.annotations.NullMarked;
