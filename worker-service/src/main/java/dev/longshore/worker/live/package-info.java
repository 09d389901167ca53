/// Tells what running calls say while they say it, and how far they are.
@NullMarked
package dev.longshore.worker.live;

import org.jspecify.annotations.NullMarked;
