/// This process among the workers: its lease and heartbeat, and stopping without harm.
@NullMarked
package dev.longshore.worker.lifecycle;

import org.jspecify.annotations.NullMarked;
