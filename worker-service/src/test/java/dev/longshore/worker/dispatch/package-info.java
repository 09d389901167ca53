/// When a ticket is lost.
@NullMarked
package dev.longshore.worker.dispatch;

import org.jspecify.annotations.NullMarked;
