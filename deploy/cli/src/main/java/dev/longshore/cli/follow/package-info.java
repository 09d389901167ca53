/// Following one job to its end, by its events or by waiting for it.
@NullMarked
package dev.longshore.cli.follow;

import org.jspecify.annotations.NullMarked;
