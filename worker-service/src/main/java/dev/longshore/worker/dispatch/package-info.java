/// The one door from the backlog to the lanes: wakes what is due, ends what is overdue, feeds what is
/// queued, and sends lost tickets again.
@NullMarked
package dev.longshore.worker.dispatch;

import org.jspecify.annotations.NullMarked;
