/// Tells what running calls say while they say it.
@NullMarked
package dev.longshore.worker.live;

import org.jspecify.annotations.NullMarked;
