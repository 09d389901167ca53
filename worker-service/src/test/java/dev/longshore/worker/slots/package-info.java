/// The arithmetic of slots, and how attempts are stopped.
@NullMarked
package dev.longshore.worker.slots;

import org.jspecify.annotations.NullMarked;
