/// Whole systems made of real processes, each of which can be killed, frozen, stopped and started again
/// by itself, with a client that remembers what it was promised and an auditor that holds the system to
/// it.
@NullMarked
package dev.longshore.rig;

import org.jspecify.annotations.NullMarked;
