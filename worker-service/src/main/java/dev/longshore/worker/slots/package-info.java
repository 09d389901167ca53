/// How many attempts may run at once, how the lanes share them, and how a running attempt is stopped
/// politely.
@NullMarked
package dev.longshore.worker.slots;

import org.jspecify.annotations.NullMarked;
