/// Takes tickets off the lanes, no faster than slots are free, and claims the job behind each.
@NullMarked
package dev.longshore.worker.intake;

import org.jspecify.annotations.NullMarked;
