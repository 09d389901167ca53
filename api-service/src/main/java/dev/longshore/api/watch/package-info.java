/// Following jobs while they run: live events over HTTP and waiting for results. All who follow share what is heard on
/// the event topic, and one look at the database at a time.
@NullMarked
package dev.longshore.api.watch;

import org.jspecify.annotations.NullMarked;
